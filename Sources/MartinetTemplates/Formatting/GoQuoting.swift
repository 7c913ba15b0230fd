/// Quoted text as Go writes and reads it.
enum GoQuoting {
    /// Go's `%q`.
    static func quoted(_ bytes: [UInt8]) -> String {
        String(decoding: quotedBytes(bytes, quote: UInt8(ascii: "\""), onlyASCII: false), as: UTF8.self)
    }

    /// - Parameter onlyASCII: whether everything beyond ASCII is escaped, Go's `%+q`.
    static func quotedBytes(_ bytes: [UInt8], quote: UInt8, onlyASCII: Bool) -> [UInt8] {
        var out = [quote]
        var index = 0
        while index < bytes.count {
            let next = UTF8Text.scalar(in: bytes, at: index)
            if next.isValid {
                escape(next.scalar, quote, onlyASCII, into: &out)
            } else {
                out.append(contentsOf: "\\x".utf8)
                appendHex(UInt32(bytes[index]), digits: 2, to: &out)
            }
            index += next.length
        }
        out.append(quote)
        return out
    }

    private static func escape(_ scalar: UInt32, _ quote: UInt8, _ onlyASCII: Bool, into out: inout [UInt8]) {
        switch scalar {
        case UInt32(quote), 0x5C:
            out.append(0x5C)
            UTF8Text.append(scalar, to: &out)
        case 0x07: out.append(contentsOf: "\\a".utf8)
        case 0x08: out.append(contentsOf: "\\b".utf8)
        case 0x09: out.append(contentsOf: "\\t".utf8)
        case 0x0A: out.append(contentsOf: "\\n".utf8)
        case 0x0B: out.append(contentsOf: "\\v".utf8)
        case 0x0C: out.append(contentsOf: "\\f".utf8)
        case 0x0D: out.append(contentsOf: "\\r".utf8)
        case _ where UTF8Text.isPrintable(scalar) && (scalar < 0x80 || !onlyASCII):
            UTF8Text.append(scalar, to: &out)
        case ..<0x20, 0x7F:
            out.append(contentsOf: "\\x".utf8)
            appendHex(scalar, digits: 2, to: &out)
        case ..<0x10000:
            out.append(contentsOf: "\\u".utf8)
            appendHex(scalar, digits: 4, to: &out)
        default:
            out.append(contentsOf: "\\U".utf8)
            appendHex(scalar, digits: 8, to: &out)
        }
    }

    private static func appendHex(_ value: UInt32, digits: Int, to out: inout [UInt8]) {
        let text = String(value, radix: 16)
        out.append(contentsOf: String(repeating: "0", count: max(0, digits - text.utf8.count)).utf8)
        out.append(contentsOf: text.utf8)
    }

    /// `U+0040 '@'`, as errors show a character.
    static func character(in bytes: [UInt8], at index: Int) -> String {
        let scalar = UTF8Text.scalar(in: bytes, at: index).scalar
        let digits = String(scalar, radix: 16, uppercase: true)
        let code = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        guard UTF8Text.isPrintable(scalar) else { return code }
        return code + " '" + String(decoding: UTF8Text.bytes(of: [scalar]), as: UTF8.self) + "'"
    }

    /// What stands between quotes; nil if an escape is wrong.
    static func unquoted(_ text: ArraySlice<UInt8>, quote: Unicode.Scalar) -> [UInt8]? {
        var out: [UInt8] = []
        guard each(text, quote, { out.append(contentsOf: $0) }) else { return nil }
        return out
    }

    /// The characters between quotes; nil if an escape is wrong.
    static func scalars(_ text: ArraySlice<UInt8>, quote: Unicode.Scalar) -> [UInt32]? {
        var out: [UInt32] = []
        let isRead = each(text, quote) { bytes in
            // An escape such as \xFF stands for the character of that number.
            let read = UTF8Text.scalar(in: bytes, at: 0)
            out.append(read.isValid ? read.scalar : UInt32(bytes.first ?? 0))
        }
        return isRead ? out : nil
    }

    /// Calls `body` with the bytes of each character.
    private static func each(_ text: ArraySlice<UInt8>, _ quote: Unicode.Scalar, _ body: ([UInt8]) -> Void) -> Bool {
        var rest = text
        while let first = rest.first {
            guard first == UInt8(ascii: "\\") else {
                let length = min(rest.count, UTF8Text.scalar(in: rest, at: 0).length)
                body(Array(rest.prefix(length)))
                rest = rest.dropFirst(length)
                continue
            }
            rest = rest.dropFirst()
            guard let kind = rest.popFirst() else { return false }
            switch kind {
            case UInt8(ascii: "a"): body([0x07])
            case UInt8(ascii: "b"): body([0x08])
            case UInt8(ascii: "f"): body([0x0C])
            case UInt8(ascii: "n"): body([0x0A])
            case UInt8(ascii: "r"): body([0x0D])
            case UInt8(ascii: "t"): body([0x09])
            case UInt8(ascii: "v"): body([0x0B])
            case UInt8(ascii: "\\"): body([0x5C])
            case UInt8(ascii: "x"):
                guard let value = take(2, radix: 16, from: &rest) else { return false }
                body([UInt8(truncatingIfNeeded: value)])
            case UInt8(ascii: "u"), UInt8(ascii: "U"):
                let digits = kind == UInt8(ascii: "u") ? 4 : 8
                guard let value = take(digits, radix: 16, from: &rest), Unicode.Scalar(value) != nil else {
                    return false
                }
                body(UTF8Text.bytes(of: [value]))
            case UInt8(ascii: "0")...UInt8(ascii: "7"):
                guard let rest2 = take(2, radix: 8, from: &rest) else { return false }
                let value = UInt32(kind - 0x30) << 6 | rest2
                guard value < 256 else { return false }
                body([UInt8(value)])
            default:
                guard UInt32(kind) == quote.value else { return false }
                body([kind])
            }
        }
        return true
    }

    private static func take(_ count: Int, radix: Int, from rest: inout ArraySlice<UInt8>) -> UInt32? {
        guard rest.count >= count else { return nil }
        let digits = String(decoding: rest.prefix(count), as: UTF8.self)
        rest = rest.dropFirst(count)
        guard digits.first != "+", digits.first != "-" else { return nil }
        return UInt32(digits, radix: radix)
    }
}
