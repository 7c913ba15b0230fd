/// A text whose bytes outside UTF-8 have been replaced by U+FFFD, one for each byte, as Go's regular expressions see it.
///
/// RE2's `.` matches no such byte. Without the repair a path such as `/admin%FF` would slip past ``PathRegexp(`^/admin.*$`)``
/// here and not in Traefik.
struct RepairedText {
    let bytes: [UInt8]
    /// For each byte, and for the end, the offset it had before.
    let origins: [Int]

    /// Nil, and nothing allocated, when `text` is UTF-8 already.
    init?(_ text: UnsafeRawBufferPointer) {
        guard !Self.isValid(text) else { return nil }
        var bytes: [UInt8] = []
        var origins: [Int] = []
        bytes.reserveCapacity(text.count + 64)
        origins.reserveCapacity(text.count + 65)
        var index = 0
        while index < text.count {
            let length = Self.characterLength(text, at: index)
            if length == 0 {
                bytes.append(contentsOf: [0xEF, 0xBF, 0xBD])
                origins.append(contentsOf: [index, index, index])
                index += 1
            } else {
                for offset in index..<(index + length) {
                    bytes.append(text[offset])
                    origins.append(offset)
                }
                index += length
            }
        }
        origins.append(text.count)
        self.bytes = bytes
        self.origins = origins
    }

    /// The offset in the repaired text of what was at `origin`.
    func offset(ofOrigin origin: Int) -> Int {
        var low = 0
        var high = origins.count - 1
        while low < high {
            let middle = (low + high) / 2
            if origins[middle] < origin { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func isValid(_ text: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        // Nearly every text is ASCII: eight bytes at a time.
        while index &+ 8 <= text.count,
            text.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
        {
            index &+= 8
        }
        while index < text.count {
            let length = characterLength(text, at: index)
            if length == 0 { return false }
            index &+= length
        }
        return true
    }

    /// Length in bytes of the UTF-8 character at `index`; 0 when the byte there begins none (Unicode table 3-7).
    static func characterLength(_ text: UnsafeRawBufferPointer, at index: Int) -> Int {
        let first = text[index]
        if first < 0x80 { return 1 }
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch first {
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF:
            length = 3
            if first == 0xE0 { second = 0xA0...0xBF }
            if first == 0xED { second = 0x80...0x9F }
        case 0xF0...0xF4:
            length = 4
            if first == 0xF0 { second = 0x90...0xBF }
            if first == 0xF4 { second = 0x80...0x8F }
        default: return 0
        }
        guard index + length <= text.count, second.contains(text[index + 1]) else { return 0 }
        for offset in 2..<max(length, 2) where text[index + offset] & 0xC0 != 0x80 { return 0 }
        return length
    }
}
