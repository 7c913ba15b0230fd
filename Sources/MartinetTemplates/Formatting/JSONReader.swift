/// JSON as Go's `encoding/json` reads it into a variable of any type: all numbers are floating.
struct JSONReader {
    private let bytes: [UInt8]
    private let budget: Budget
    private var index = 0
    private var problem = ""

    /// The value, or nil with the reason. Fails only when it would take too much.
    static func read(_ bytes: [UInt8], _ budget: Budget) throws(Failure) -> (value: Value?, problem: String) {
        var reader = JSONReader(bytes, budget)
        reader.skipSpace()
        guard let value = try reader.value(depth: 0) else {
            return (nil, reader.problem.isEmpty ? "unexpected end" : reader.problem)
        }
        reader.skipSpace()
        if reader.index < bytes.count { return (nil, "something stands behind the value") }
        return (value, "")
    }

    private init(_ bytes: [UInt8], _ budget: Budget) {
        self.bytes = bytes
        self.budget = budget
    }

    private var next: UInt8? { bytes[safe: index] }

    private mutating func value(depth: Int) throws(Failure) -> Value? {
        guard depth < Budget.valueDepth else { return failed("nested too deep") }
        try budget.step()
        switch next {
        case UInt8(ascii: "{"): return try object(depth)
        case UInt8(ascii: "["): return try array(depth)
        case UInt8(ascii: "\""):
            guard let text = try string() else { return nil }
            return try budget.string(text)
        case UInt8(ascii: "t"): return word("true", .bool(true))
        case UInt8(ascii: "f"): return word("false", .bool(false))
        case UInt8(ascii: "n"): return word("null", .none)
        default: return number()
        }
    }

    private mutating func object(_ depth: Int) throws(Failure) -> Value? {
        var entries: [[UInt8]: Value] = [:]
        index += 1
        skipSpace()
        if take("}") { return try budget.map(entries) }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\""), let key = try string() else { return failed("a member without a name") }
            skipSpace()
            guard take(":") else { return failed("no : behind a name") }
            skipSpace()
            guard let member = try value(depth: depth + 1) else { return nil }
            entries[key] = member
            skipSpace()
            if take("}") { return try budget.map(entries) }
            guard take(",") else { return failed("neither , nor } behind a member") }
        }
    }

    private mutating func array(_ depth: Int) throws(Failure) -> Value? {
        var items: [Value] = []
        index += 1
        skipSpace()
        if take("]") { return try budget.list(items) }
        while true {
            skipSpace()
            guard let item = try value(depth: depth + 1) else { return nil }
            items.append(item)
            skipSpace()
            if take("]") { return try budget.list(items) }
            guard take(",") else { return failed("neither , nor ] behind an element") }
        }
    }

    private mutating func string() throws(Failure) -> [UInt8]? {
        var out: [UInt8] = []
        index += 1
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                return out
            case ..<0x20:
                _ = failed("a control character in a text")
                return nil
            case UInt8(ascii: "\\"):
                index += 1
                guard let scalar = escape() else { return nil }
                UTF8Text.append(scalar, to: &out)
            default:
                let scalar = UTF8Text.scalar(in: bytes, at: index)
                UTF8Text.append(scalar.scalar, to: &out)
                index += scalar.length
            }
        }
        return nil
    }

    private mutating func escape() -> UInt32? {
        guard let kind = next else { return nil }
        index += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return UInt32(kind)
        case UInt8(ascii: "b"): return 0x08
        case UInt8(ascii: "f"): return 0x0C
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "u"):
            guard let unit = hexadecimal() else { return nil }
            guard unit >= 0xD800, unit < 0xDC00 else { return (0xDC00..<0xE000).contains(unit) ? 0xFFFD : unit }
            guard next == UInt8(ascii: "\\"), bytes[safe: index + 1] == UInt8(ascii: "u") else { return 0xFFFD }
            let before = index
            index += 2
            guard let low = hexadecimal() else { return nil }
            guard (0xDC00..<0xE000).contains(low) else {
                index = before
                return 0xFFFD
            }
            return 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
        default:
            _ = failed("an unknown escape in a text")
            return nil
        }
    }

    private mutating func hexadecimal() -> UInt32? {
        guard index + 4 <= bytes.count else { return nil }
        let digits = bytes[index..<(index + 4)]
        guard digits.allSatisfy({ $0 &- 0x30 < 10 || ($0 | 0x20) &- 0x61 < 6 }) else {
            _ = failed("a malformed escape in a text")
            return nil
        }
        index += 4
        return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    }

    private mutating func number() -> Value? {
        let start = index
        _ = take("-")
        let isZero = take("0")
        if !isZero { guard digits() else { return failed("no value where one is due") } }
        if take(".") { guard digits() else { return failed("a malformed number") } }
        if take("e") || take("E") {
            _ = take("+") || take("-")
            guard digits() else { return failed("a malformed number") }
        }
        guard let number = Double(String(decoding: bytes[start..<index], as: UTF8.self)), number.isFinite else {
            return failed("a number that is too large")
        }
        return .double(number)
    }

    private mutating func digits() -> Bool {
        let start = index
        while let byte = next, byte &- 0x30 < 10 { index += 1 }
        return index > start
    }

    private mutating func word(_ text: String, _ value: Value) -> Value? {
        guard bytes[index...].starts(with: text.utf8) else { return failed("an unknown word") }
        index += text.utf8.count
        return value
    }

    private mutating func take(_ byte: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: byte) else { return false }
        index += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { index += 1 }
    }

    private mutating func failed(_ reason: String) -> Value? {
        if problem.isEmpty { problem = reason + " at byte \(index + 1)" }
        return nil
    }
}
