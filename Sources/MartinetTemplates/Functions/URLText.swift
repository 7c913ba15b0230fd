/// Percent-encoding as Go's `net/url` does it.
enum URLText {
    enum Part { case query, path, userinfo, fragment }

    static func escaped(_ bytes: [UInt8], in part: Part) -> [UInt8] {
        var out: [UInt8] = []
        for byte in bytes {
            if part == .query, byte == 0x20 {
                out.append(UInt8(ascii: "+"))
            } else if isPlain(byte, part) {
                out.append(byte)
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                out += ("%" + (digits.utf8.count < 2 ? "0" : "") + digits).utf8
            }
        }
        return out
    }

    private static func isPlain(_ byte: UInt8, _ part: Part) -> Bool {
        if byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || "-_.~".utf8.contains(byte) { return true }
        switch part {
        case .query: return false
        case .path: return "$&+,/:;=@".utf8.contains(byte)
        case .userinfo: return "$&+,;=".utf8.contains(byte)
        case .fragment: return "$&+,/:;=?@!()*".utf8.contains(byte)
        }
    }

    /// Nil for a malformed escape.
    static func unescaped(_ bytes: some Collection<UInt8>) -> [UInt8]? {
        var out: [UInt8] = []
        var rest = Array(bytes)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                out.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, digits.allSatisfy({ $0 &- 0x30 < 10 || ($0 | 0x20) &- 0x61 < 6 }),
                let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            else { return nil }
            out.append(value)
            rest = rest.dropFirst(2)
        }
        return out
    }
}
