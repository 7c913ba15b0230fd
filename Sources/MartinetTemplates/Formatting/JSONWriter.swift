/// Values as JSON, in the way of Go's `encoding/json`.
struct JSONWriter {
    let budget: Budget
    let isPretty: Bool
    /// Whether `<`, `>` and `&` are escaped.
    let escapesMarkup: Bool
    private(set) var out: [UInt8] = []
    /// The first number met that JSON has no way to write.
    private(set) var unsupported: Double?

    init(budget: Budget, isPretty: Bool, escapesMarkup: Bool) {
        self.budget = budget
        self.isPretty = isPretty
        self.escapesMarkup = escapesMarkup
    }

    mutating func write(_ value: Value, depth: Int = 0) throws(Failure) {
        guard depth < Budget.valueDepth else { throw Budget.tooDeep }
        let start = out.count
        switch value {
        case .none: out += "null".utf8
        case .bool(let truth): out += "\(truth)".utf8
        case .integer(let number, _): out += "\(number)".utf8
        case .double(let number):
            if number.isFinite { out += Self.number(number).utf8 } else { unsupported = unsupported ?? number }
        case .string(let bytes): text(bytes)
        case .time(let time): text(Array(time.format("2006-01-02T15:04:05.999999999Z07:00").utf8))
        case .version(let version): text(Array(version.description.utf8))
        case .list(let list) where list.isNil: out += "null".utf8
        case .list(let list):
            let items = list.items
            try container("[", "]", items.count, depth) { (writer, index) throws(Failure) in
                try writer.write(items[index], depth: depth + 1)
            }
        case .map(let map):
            let keys = map.sortedKeys
            try container("{", "}", keys.count, depth) { (writer, index) throws(Failure) in
                try writer.member(keys[index], map.entries[keys[index]] ?? .none, depth)
            }
        case .structure(let structure):
            let names = structure.fields.keys.sorted()
            try container("{", "}", names.count, depth) { (writer, index) throws(Failure) in
                try writer.member(Array(names[index].utf8), structure.fields[names[index]] ?? .none, depth)
            }
        }
        try budget.allocate(out.count - start)
    }

    private mutating func member(_ key: [UInt8], _ value: Value, _ depth: Int) throws(Failure) {
        text(key)
        out += (isPretty ? ": " : ":").utf8
        try write(value, depth: depth + 1)
    }

    private mutating func container(
        _ open: String, _ close: String, _ count: Int, _ depth: Int,
        _ element: (inout JSONWriter, Int) throws(Failure) -> Void
    ) throws(Failure) {
        out += open.utf8
        for index in 0..<count {
            if index > 0 { out += ",".utf8 }
            if isPretty { out += ("\n" + String(repeating: "  ", count: depth + 1)).utf8 }
            try element(&self, index)
        }
        if isPretty, count > 0 { out += ("\n" + String(repeating: "  ", count: depth)).utf8 }
        out += close.utf8
    }

    private static func number(_ number: Double) -> String {
        let size = abs(number)
        guard size != 0, size < 1e-6 || size >= 1e21 else { return GoNumbers.text(number, verb: "f") }
        let text = GoNumbers.text(number, verb: "e")
        // One digit is enough for small exponents.
        return text.hasSuffix("e-07") || text.hasSuffix("e-08") || text.hasSuffix("e-09")
            ? String(text.dropLast(2)) + text.suffix(1) : text
    }

    private mutating func text(_ bytes: [UInt8]) {
        out.append(UInt8(ascii: "\""))
        var index = 0
        while index < bytes.count {
            let next = UTF8Text.scalar(in: bytes, at: index)
            index += next.length
            switch next.scalar {
            case _ where !next.isValid: out += "\\ufffd".utf8
            case 0x22: out += "\\\"".utf8
            case 0x5C: out += "\\\\".utf8
            case 0x08: out += "\\b".utf8
            case 0x0C: out += "\\f".utf8
            case 0x0A: out += "\\n".utf8
            case 0x0D: out += "\\r".utf8
            case 0x09: out += "\\t".utf8
            case ..<0x20, 0x2028, 0x2029: escape(next.scalar)
            case 0x3C, 0x3E, 0x26:
                if escapesMarkup { escape(next.scalar) } else { UTF8Text.append(next.scalar, to: &out) }
            default: UTF8Text.append(next.scalar, to: &out)
            }
        }
        out.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ scalar: UInt32) {
        let digits = String(scalar, radix: 16)
        out += ("\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits).utf8
    }
}
