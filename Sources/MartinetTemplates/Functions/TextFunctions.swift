/// sprig's functions on texts. As in Go, what counts counts bytes.
enum TextFunctions {
    static let table: [String: TemplateFunction] = [
        "hello": TemplateFunction { _ throws(Failure) in .text("Hello!") },
        "trim": TemplateFunction(.string) { call throws(Failure) in .string(trimmed(call.bytes(0))) },
        "trimall": trimAll, "trimAll": trimAll,
        "trimSuffix": TemplateFunction(.string, .string) { call throws(Failure) in
            let (end, text) = (call.bytes(0), call.bytes(1))
            return .string(hasSuffix(text, end) ? Array(text.dropLast(end.count)) : text)
        },
        "trimPrefix": TemplateFunction(.string, .string) { call throws(Failure) in
            let (start, text) = (call.bytes(0), call.bytes(1))
            return .string(text.starts(with: start) ? Array(text.dropFirst(start.count)) : text)
        },
        "contains": TemplateFunction(.string, .string) { call throws(Failure) in
            .bool(Bytes.contain(call.bytes(1), call.bytes(0)))
        },
        "hasPrefix": TemplateFunction(.string, .string) { call throws(Failure) in
            .bool(call.bytes(1).starts(with: call.bytes(0)))
        },
        "hasSuffix": TemplateFunction(.string, .string) { call throws(Failure) in
            .bool(hasSuffix(call.bytes(1), call.bytes(0)))
        },
        "repeat": TemplateFunction(.int, .string) { call throws(Failure) in
            let (count, text) = (call.int(0), call.bytes(1))
            guard count >= 0 else { throw Failure("strings: negative Repeat count") }
            return .string(try repeated(text, count, call.budget))
        },
        "replace": TemplateFunction(.string, .string, .string) { call throws(Failure) in
            let (old, new, text) = (call.bytes(0), call.bytes(1), call.bytes(2))
            try call.budget.allocate(text.count)
            return .string(try Bytes.replaced(text, old, new, call.budget))
        },
        "trunc": TemplateFunction(.int, .string) { call throws(Failure) in
            let (count, text) = (call.int(0), call.bytes(1))
            if count < 0 { return .string(count.magnitude < text.count.magnitude ? Array(text.suffix(-count)) : text) }
            return .string(Array(text.prefix(count)))
        },
        "substr": TemplateFunction(.int, .int, .string) { call throws(Failure) in
            let (start, end, text) = (call.int(0), call.int(1), call.bytes(2))
            let (low, high) = start < 0 ? (0, end) : (start, end < 0 || end > text.count ? text.count : end)
            guard low <= high, high <= text.count, high >= 0 else {
                throw Failure("slice bounds out of range [\(low):\(high)] with length \(text.count)")
            }
            return .string(Array(text[low..<high]))
        },
        "abbrev": TemplateFunction(.int, .string) { call throws(Failure) in
            let (width, text) = (call.int(0), call.bytes(1))
            return .string(width < 4 ? text : abbreviated(text, 0, width))
        },
        "abbrevboth": TemplateFunction(.int, .int, .string) { call throws(Failure) in
            let (offset, width, text) = (call.int(0), call.int(1), call.bytes(2))
            return .string(width < 4 || (offset > 0 && width < 7) ? text : abbreviated(text, offset, width))
        },
        "quote": TemplateFunction(rest: .any) { call throws(Failure) in
            try eachPresent(call) { GoQuoting.quotedBytes($0, quote: UInt8(ascii: "\""), onlyASCII: false) }
        },
        "squote": TemplateFunction(rest: .any) { call throws(Failure) in
            try eachPresent(call) { [UInt8(ascii: "'")] + $0 + [UInt8(ascii: "'")] }
        },
        "cat": TemplateFunction(rest: .any) { call throws(Failure) in try eachPresent(call) { $0 } },
        "indent": TemplateFunction(.int, .string) { call throws(Failure) in .string(try indented(call)) },
        "nindent": TemplateFunction(.int, .string) { call throws(Failure) in .string([0x0A] + (try indented(call))) },
        "plural": TemplateFunction(.string, .string, .int) { call throws(Failure) in call[call.int(2) == 1 ? 0 : 1] },
        "toString": TemplateFunction(.any) { call throws(Failure) in try call.budget.string(try call.shown(0)) },
        "splitList": TemplateFunction(.string, .string) { call throws(Failure) in try split(call) },
        // Traefik replaces sprig's by Go's, which gives a list.
        "split": TemplateFunction(.string, .string) { call throws(Failure) in
            let pieces = Bytes.split(call.bytes(0), by: call.bytes(1), limit: -1)
            return try call.budget.list(pieces.map { .string($0) }, of: .string)
        },
        "splitn": TemplateFunction(.string, .int, .string) { call throws(Failure) in
            let pieces = Bytes.split(call.bytes(2), by: call.bytes(0), limit: call.int(1))
            var entries: [[UInt8]: Value] = [:]
            for (index, piece) in pieces.enumerated() { entries[Array("_\(index)".utf8)] = .string(piece) }
            return try call.budget.map(entries, holdsTexts: true)
        },
        "join": TemplateFunction(.string, .any) { call throws(Failure) in
            let pieces = try texts(call[1], call.budget)
            try call.budget.allocate(call.bytes(0).count * pieces.count)
            return try call.budget.string(Array(pieces.joined(separator: call.bytes(0))))
        },
        "toStrings": TemplateFunction(.any) { call throws(Failure) in
            try call.budget.list(try texts(call[0], call.budget).map { .string($0) }, of: .string)
        },
        "sortAlpha": TemplateFunction(.any) { call throws(Failure) in
            let sorted = try texts(call[0], call.budget).sorted { $0.lexicographicallyPrecedes($1) }
            return try call.budget.list(sorted.map { .string($0) }, of: .string)
        },
        "normalize": TemplateFunction(.string) { call throws(Failure) in .string(normalized(call.bytes(0))) },
    ]

    /// Traefik's: every run of characters other than letters and numbers becomes a dash, none at the ends.
    static func normalized(_ bytes: [UInt8]) -> [UInt8] {
        UTF8Text.bytes(
            of: Array(
                UTF8Text.scalars(of: bytes).split { !UTF8Text.isLetter($0) && !UTF8Text.isNumber($0) }
                    .joined(separator: [UInt32(UInt8(ascii: "-"))])))
    }

    private static let trimAll = TemplateFunction(.string, .string) { call throws(Failure) in
        let unwanted = Set(UTF8Text.scalars(of: call.bytes(0)))
        let scalars = UTF8Text.scalars(of: call.bytes(1))
        let start = scalars.prefix { unwanted.contains($0) }.count
        let end = scalars.reversed().prefix { unwanted.contains($0) }.count
        guard start < scalars.count else { return .string([]) }
        return .string(UTF8Text.bytes(of: scalars[start..<(scalars.count - end)]))
    }

    private static func split(_ call: Call) throws(Failure) -> Value {
        let pieces = Bytes.split(call.bytes(1), by: call.bytes(0), limit: -1)
        return try call.budget.list(pieces.map { .string($0) }, of: .string)
    }

    static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
        let scalars = UTF8Text.scalars(of: bytes)
        guard let first = scalars.firstIndex(where: { !UTF8Text.isSpace($0) }),
            let last = scalars.lastIndex(where: { !UTF8Text.isSpace($0) })
        else { return [] }
        return UTF8Text.bytes(of: scalars[first...last])
    }

    private static func hasSuffix(_ text: [UInt8], _ end: [UInt8]) -> Bool {
        text.count >= end.count && text.suffix(end.count).elementsEqual(end)
    }

    static func repeated(_ text: [UInt8], _ count: Int, _ budget: Budget) throws(Failure) -> [UInt8] {
        let (size, overflow) = text.count.multipliedReportingOverflow(by: count)
        try budget.allocate(overflow ? Int.max : size)
        var out: [UInt8] = []
        out.reserveCapacity(size)
        if !text.isEmpty { for _ in 0..<count { out.append(contentsOf: text) } }
        return out
    }

    private static func indented(_ call: Call) throws(Failure) -> [UInt8] {
        let (count, text) = (call.int(0), call.bytes(1))
        guard count >= 0 else { throw Failure("strings: negative Repeat count") }
        let padding = try repeated([0x20], count, call.budget)
        return padding + (try Bytes.replaced(text, [0x0A], [0x0A] + padding, call.budget))
    }

    private static func abbreviated(_ text: [UInt8], _ offset: Int, _ width: Int) -> [UInt8] {
        guard width >= 4, text.count > width else { return width < 4 ? [] : text }
        var offset = min(max(0, offset), text.count)
        if text.count - offset < width - 3 { offset = text.count - (width - 3) }
        let dots = Array("...".utf8)
        if offset <= 4 { return text.prefix(width - 3) + dots }
        guard width >= 7 else { return [] }
        if text.count - offset > width - 3 { return dots + abbreviated(Array(text[offset...]), 0, width - 3) }
        return dots + text.suffix(width - 3)
    }

    /// The texts of arguments that are not nil, with blanks between them.
    private static func eachPresent(_ call: Call, _ change: ([UInt8]) -> [UInt8]) throws(Failure) -> Value {
        var pieces: [[UInt8]] = []
        for index in call.values.indices {
            if case .none = call[index] { continue }
            pieces.append(change(try call.shown(index)))
        }
        return try call.budget.string(Array(pieces.joined(separator: [0x20])))
    }

    /// sprig's list of texts of anything; what is nil is left out.
    static func texts(_ value: Value, _ budget: Budget) throws(Failure) -> [[UInt8]] {
        switch value {
        case .none: return []
        case .list(let list):
            var texts: [[UInt8]] = []
            for item in list.items {
                try budget.step()
                if case .none = item { continue }
                texts.append(try Formatter.text(item, budget))
            }
            return texts
        default: return [try Formatter.text(value, budget)]
        }
    }
}
