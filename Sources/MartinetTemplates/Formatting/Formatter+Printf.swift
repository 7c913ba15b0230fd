extension Formatter {
    /// Where `printf` is in its arguments.
    private struct Cursor {
        var next = 0
        /// Whether an index such as `[2]` was used, after which extra arguments are no mistake.
        var isReordered = false
        var isGood = true
    }

    /// Go's `Sprintf`. Mistakes are written into the text as Go does: `%!d(string=x)`, `%!v(MISSING)`.
    static func printf(_ format: [UInt8], _ values: [Value], _ budget: Budget) throws(Failure) -> [UInt8] {
        var formatter = Formatter(budget)
        var cursor = Cursor()
        var index = 0
        while index < format.count {
            guard let percent = format[index...].firstIndex(of: UInt8(ascii: "%")) else {
                formatter.out.append(contentsOf: format[index...])
                break
            }
            formatter.out.append(contentsOf: format[index..<percent])
            index = percent + 1
            formatter.flags = Flags()
            try formatter.directive(format, &index, values, &cursor)
        }
        if !cursor.isReordered, cursor.next < values.count {
            formatter.out.append(contentsOf: "%!(EXTRA ".utf8)
            for (position, value) in values[cursor.next...].enumerated() {
                if position > 0 { formatter.out.append(contentsOf: ", ".utf8) }
                if case .none = value {
                    formatter.out.append(contentsOf: "<nil>".utf8)
                } else {
                    formatter.out.append(contentsOf: (value.typeName + "=").utf8)
                    formatter.flags = Flags()
                    try formatter.write(value, "v")
                }
            }
            formatter.out.append(UInt8(ascii: ")"))
        }
        return formatter.out
    }

    /// One directive behind its `%`.
    private mutating func directive(
        _ format: [UInt8], _ index: inout Int, _ values: [Value], _ cursor: inout Cursor
    ) throws(Failure) {
        cursor.isGood = true
        var afterIndex = false
        flagLoop: while let byte = format[safe: index] {
            switch byte {
            case UInt8(ascii: "#"): flags.sharp = true
            case UInt8(ascii: "0"): flags.zero = true
            case UInt8(ascii: "+"): flags.plus = true
            case UInt8(ascii: "-"): flags.minus = true
            case UInt8(ascii: " "): flags.space = true
            default: break flagLoop
            }
            index += 1
        }
        afterIndex = argumentIndex(format, &index, values.count, &cursor)
        if format[safe: index] == UInt8(ascii: "*") {
            index += 1
            flags.width = star(values, &cursor)
            if flags.width == nil { out.append(contentsOf: "%!(BADWIDTH)".utf8) }
            if let width = flags.width, width < 0 {
                flags.width = -width
                flags.minus = true
            }
            afterIndex = false
        } else if let width = number(format, &index) {
            flags.width = width
            if afterIndex { cursor.isGood = false }
        }
        if format[safe: index] == UInt8(ascii: ".") {
            index += 1
            if afterIndex { cursor.isGood = false }
            afterIndex = argumentIndex(format, &index, values.count, &cursor)
            if format[safe: index] == UInt8(ascii: "*") {
                index += 1
                flags.precision = star(values, &cursor).flatMap { $0 < 0 ? nil : $0 }
                if flags.precision == nil { out.append(contentsOf: "%!(BADPREC)".utf8) }
                afterIndex = false
            } else {
                flags.precision = number(format, &index) ?? 0
            }
        }
        if !afterIndex { afterIndex = argumentIndex(format, &index, values.count, &cursor) }
        guard index < format.count else { return out.append(contentsOf: "%!(NOVERB)".utf8) }
        let (scalar, length, _) = UTF8Text.scalar(in: format, at: index)
        index += length
        let verb = Character(Unicode.Scalar(scalar) ?? "\u{FFFD}")
        if verb == "%" {
            out.append(UInt8(ascii: "%"))
        } else if !cursor.isGood {
            out.append(contentsOf: "%!\(verb)(BADINDEX)".utf8)
        } else if cursor.next >= values.count {
            out.append(contentsOf: "%!\(verb)(MISSING)".utf8)
        } else {
            let value = values[cursor.next]
            cursor.next += 1
            try write(value, verb == "w" ? "\u{0}" : verb)
        }
    }

    /// `[2]`: the argument to go on with.
    private func argumentIndex(_ format: [UInt8], _ index: inout Int, _ count: Int, _ cursor: inout Cursor) -> Bool {
        guard format[safe: index] == UInt8(ascii: "[") else { return false }
        cursor.isReordered = true
        guard let close = format[index...].firstIndex(of: UInt8(ascii: "]")) else {
            cursor.isGood = false
            index += 1
            return false
        }
        let text = String(decoding: format[(index + 1)..<close], as: UTF8.self)
        index = close + 1
        guard let number = Int(text), number >= 1, number <= count else {
            cursor.isGood = false
            return true
        }
        cursor.next = number - 1
        return true
    }

    private func star(_ values: [Value], _ cursor: inout Cursor) -> Int? {
        guard cursor.next < values.count else { return nil }
        defer { cursor.next += 1 }
        guard case .integer(let number, _) = values[cursor.next], number.magnitude <= UInt64(Self.widthLimit) else {
            return nil
        }
        return Int(number)
    }

    /// A width or a precision. Of a format in which one is far too large Go reads nothing more.
    private func number(_ format: [UInt8], _ index: inout Int) -> Int? {
        var value: Int?
        while let byte = format[safe: index], byte &- 0x30 < 10 {
            guard value ?? 0 <= Self.widthLimit else {
                index = format.count
                return nil
            }
            value = (value ?? 0) * 10 + Int(byte - 0x30)
            index += 1
        }
        return value.map { min($0, Self.widthLimit) }
    }
}
