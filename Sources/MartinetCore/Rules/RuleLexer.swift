/// Splits a rule into tokens, as Go's scanner does: blanks and comments separate, and a line break counts only where
/// Go would end a statement.
struct RuleLexer {
    private let bytes: [UInt8]
    private var index = 0
    /// Whether a line break here ends the statement.
    private var breakCounts = false

    init(_ text: String) { bytes = Array(text.utf8) }

    mutating func next() throws(RuleError) -> RuleToken {
        if let lineBreak = try skipBlanks() { return lineBreak }
        let column = index + 1
        guard index < bytes.count else { return RuleToken(kind: .end, column: column) }
        let byte = bytes[index]
        breakCounts = false
        switch byte {
        case UInt8(ascii: "("): return take(1, .open)
        case UInt8(ascii: ")"):
            breakCounts = true
            return take(1, .close)
        case UInt8(ascii: ","): return take(1, .comma)
        case UInt8(ascii: "!"):
            if peek(1) == UInt8(ascii: "=") { break }
            return take(1, .not)
        case UInt8(ascii: "&") where peek(1) == byte: return take(2, .and)
        case UInt8(ascii: "|") where peek(1) == byte: return take(2, .or)
        case UInt8(ascii: "&"): throw RuleError(column: column, reason: "single `&`", remedy: "write `&&` for \"and\"")
        case UInt8(ascii: "|"): throw RuleError(column: column, reason: "single `|`", remedy: "write `||` for \"or\"")
        case UInt8(ascii: "`"): return try rawString()
        case UInt8(ascii: "\""): return try quotedString()
        case UInt8(ascii: "'"):
            throw RuleError(
                column: column,
                reason: "text in single quotes",
                remedy: "put it in backticks or double quotes"
            )
        case 0x30...0x39: return number()
        default: break
        }
        if Self.isNameByte(byte) { return name() }
        let scalar = String(decoding: bytes[index...].prefix(4), as: UTF8.self).prefix(1)
        throw RuleError(column: column, reason: "unexpected character `\(scalar)`", remedy: nil)
    }

    // MARK: Pieces

    private func peek(_ distance: Int) -> UInt8? {
        index + distance < bytes.count ? bytes[index + distance] : nil
    }

    private mutating func take(_ length: Int, _ kind: RuleToken.Kind) -> RuleToken {
        defer { index += length }
        return RuleToken(kind: kind, column: index + 1)
    }

    /// Skips blanks and comments; returns a token if a line break among them counts.
    private mutating func skipBlanks() throws(RuleError) -> RuleToken? {
        while index < bytes.count {
            switch bytes[index] {
            case 0x0A:
                if breakCounts {
                    breakCounts = false
                    return take(1, .lineBreak)
                }
                index += 1
            case 0x20, 0x09, 0x0D:
                index += 1
            case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "/"):
                while index < bytes.count, bytes[index] != 0x0A { index += 1 }
            case UInt8(ascii: "/") where peek(1) == UInt8(ascii: "*"):
                let start = index
                index += 2
                var broken = false
                while index < bytes.count, !(bytes[index] == UInt8(ascii: "*") && peek(1) == UInt8(ascii: "/")) {
                    if bytes[index] == 0x0A { broken = true }
                    index += 1
                }
                guard index < bytes.count else { throw RuleError(column: start + 1, reason: "comment is not closed") }
                index += 2
                if broken, breakCounts {
                    breakCounts = false
                    return RuleToken(kind: .lineBreak, column: start + 1)
                }
            default:
                return nil
            }
        }
        return nil
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (byte | 0x20) &- 0x61 < 26 || byte == UInt8(ascii: "_")
    }

    private mutating func name() -> RuleToken {
        let start = index
        while index < bytes.count, Self.isNameByte(bytes[index]) || bytes[index] &- 0x30 < 10 { index += 1 }
        breakCounts = true
        return RuleToken(kind: .name(String(decoding: bytes[start..<index], as: UTF8.self)), column: start + 1)
    }

    private mutating func number() -> RuleToken {
        let start = index
        while index < bytes.count, bytes[index] &- 0x30 < 10 || bytes[index] == UInt8(ascii: ".") { index += 1 }
        breakCounts = true
        return RuleToken(kind: .number, column: start + 1)
    }

    /// A text in backticks: nothing is escaped, carriage returns are dropped, lines may break.
    private mutating func rawString() throws(RuleError) -> RuleToken {
        let start = index
        guard let end = bytes[(start + 1)...].firstIndex(of: UInt8(ascii: "`")) else {
            throw RuleError(column: start + 1, reason: "string is not closed", remedy: "add a backtick")
        }
        index = end + 1
        breakCounts = true
        let content = bytes[(start + 1)..<end].filter { $0 != 0x0D }
        return RuleToken(kind: .string(String(decoding: content, as: UTF8.self)), column: start + 1)
    }

    private mutating func quotedString() throws(RuleError) -> RuleToken {
        let start = index
        var content: [UInt8] = []
        index += 1
        while index < bytes.count, bytes[index] != 0x0A {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                index += 1
                breakCounts = true
                return RuleToken(kind: .string(String(decoding: content, as: UTF8.self)), column: start + 1)
            }
            if byte == UInt8(ascii: "\\") {
                try escape(into: &content)
            } else {
                content.append(byte)
                index += 1
            }
        }
        throw RuleError(
            column: start + 1,
            reason: "string is not closed",
            remedy: "add a double quote on the same line"
        )
    }

    /// One of Go's escapes in double-quoted strings; `index` is at the backslash.
    private mutating func escape(into content: inout [UInt8]) throws(RuleError) {
        let column = index + 1
        guard let letter = peek(1) else { throw RuleError(column: column, reason: "string is not closed") }
        index += 2
        switch letter {
        case UInt8(ascii: "a"): content.append(0x07)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "v"): content.append(0x0B)
        case UInt8(ascii: "\\"), UInt8(ascii: "\""): content.append(letter)
        case UInt8(ascii: "x"): content.append(UInt8(truncatingIfNeeded: try digits(2, radix: 16, column: column)))
        case 0x30...0x37:
            index -= 1
            let value = try digits(3, radix: 8, column: column)
            guard value <= 255 else { throw RuleError(column: column, reason: "octal escape above \\377") }
            content.append(UInt8(value))
        case UInt8(ascii: "u"), UInt8(ascii: "U"):
            let value = try digits(letter == UInt8(ascii: "u") ? 4 : 8, radix: 16, column: column)
            guard let scalar = Unicode.Scalar(value) else {
                throw RuleError(column: column, reason: "escape is no Unicode character")
            }
            content.append(contentsOf: String(Character(scalar)).utf8)
        default:
            throw RuleError(
                column: column,
                reason: "unknown escape `\\\(String(decoding: [letter], as: UTF8.self))`",
                remedy: "write `\\\\` for a backslash, or put the string in backticks"
            )
        }
    }

    private mutating func digits(_ count: Int, radix: UInt32, column: Int) throws(RuleError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<count {
            guard index < bytes.count, let digit = Self.digit(bytes[index]), digit < radix else {
                throw RuleError(column: column, reason: "escape needs \(count) digits")
            }
            value = value &* radix &+ digit
            index += 1
        }
        return value
    }

    private static func digit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x30...0x39: UInt32(byte &- 0x30)
        case 0x41...0x46: UInt32(byte &- 0x41 &+ 10)
        case 0x61...0x66: UInt32(byte &- 0x61 &+ 10)
        default: nil
        }
    }
}
