/// Which bytes may stand where (RFC 9110 §5.6.2 and §5.5, RFC 3986). Membership is a shift and a mask, without memory.
enum ByteClass {
    /// A set of ASCII characters as two words.
    struct Set {
        let low: UInt64
        let high: UInt64

        init(_ characters: StaticString) {
            var low: UInt64 = 0
            var high: UInt64 = 0
            for byte in characters.bytes {
                if byte < 64 { low |= 1 << UInt64(byte) } else if byte < 128 { high |= 1 << UInt64(byte - 64) }
            }
            self.low = low
            self.high = high
        }

        @inline(__always)
        func contains(_ byte: UInt8) -> Bool {
            byte < 64 ? (low >> UInt64(byte)) & 1 != 0 : byte < 128 && (high >> UInt64(byte &- 64)) & 1 != 0
        }
    }

    /// Characters of a field name or method.
    static let token = Set("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
    /// Characters of a Host value. No comma: a list of hosts is no host. No `@`: nor are credentials.
    static let host = Set("!$%&'()*+-.:;=[]_~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")

    /// Whether every byte may stand in a field value: visible, space, tab, or beyond ASCII.
    static func isFieldValue(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        while index &+ 8 <= bytes.count {
            let word = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            // Any byte below 0x20, or equal to 0x7F? (The classic word-at-a-time test; borrows only cause a closer look.)
            let controls = (word &- 0x2020_2020_2020_2020) & ~word & 0x8080_8080_8080_8080
            let difference = word ^ 0x7F7F_7F7F_7F7F_7F7F
            let deletes = (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080
            if controls | deletes != 0, !areFieldBytes(bytes, index, index &+ 8) { return false }
            index &+= 8
        }
        return areFieldBytes(bytes, index, bytes.count)
    }

    private static func areFieldBytes(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ end: Int) -> Bool {
        for index in start..<end {
            let byte = bytes[index]
            if byte < 0x20 && byte != 0x09 || byte == 0x7F { return false }
        }
        return true
    }
}
