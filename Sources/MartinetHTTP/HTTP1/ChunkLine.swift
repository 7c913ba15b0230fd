/// A chunk's first line: size in hex digits, extensions that are read and dropped, CRLF (RFC 9112 §7.1).
enum ChunkLine: Equatable {
    case incomplete
    case malformed
    /// The chunk's size and the length of the line, its end included.
    case size(UInt64, length: Int)

    static func parse(_ bytes: UnsafeRawBufferPointer, limit: Int) -> ChunkLine {
        var size: UInt64 = 0
        var index = 0
        while index < bytes.count, let digit = hex(bytes[index]) {
            // Sixteen digits would overflow signed lengths further on; nobody sends a chunk of 2^60 bytes in good faith.
            guard index < 15 else { return .malformed }
            size = size << 4 | UInt64(digit)
            index += 1
        }
        guard index < bytes.count else { return .incomplete }
        guard index > 0 else { return .malformed }
        if bytes[index] == 0x3B {
            index += 1
            let first = index
            while index < bytes.count, bytes[index] != 0x0D {
                let byte = bytes[index]
                guard byte >= 0x20 || byte == 0x09, byte != 0x7F, index < limit else { return .malformed }
                index += 1
            }
            guard index < bytes.count else { return .incomplete }
            // An extension has a name; a lone semicolon is how smugglers probe.
            guard index > first else { return .malformed }
        }
        guard bytes[index] == 0x0D else { return .malformed }
        guard index + 1 < bytes.count else { return .incomplete }
        return bytes[index + 1] == 0x0A ? .size(size, length: index + 2) : .malformed
    }

    private static func hex(_ byte: UInt8) -> UInt8? {
        if byte &- 0x30 < 10 { return byte &- 0x30 }
        let letter = byte | 0x20
        return letter &- 0x61 < 6 ? letter &- 0x61 &+ 10 : nil
    }
}
