/// Reads a raw query as Go's `url.ParseQuery` does, in place.
///
/// Pairs are separated by `&`; a pair that holds a semicolon or a malformed escape is passed over; `+` is a blank.
enum QueryString {
    /// Whether the parameter `key` has a value, still escaped, that fulfils `condition`.
    ///
    /// - Parameter firstOnly: look at the parameter's first value only.
    static func contains(
        _ query: UnsafeRawBufferPointer,
        key: UnsafeRawBufferPointer,
        firstOnly: Bool = false,
        where condition: (UnsafeRawBufferPointer) -> Bool
    ) -> Bool {
        var start = 0
        while start < query.count {
            var end = start
            var equals: Int?
            var refused = false
            while end < query.count, query[end] != UInt8(ascii: "&") {
                if query[end] == UInt8(ascii: "="), equals == nil { equals = end }
                if query[end] == UInt8(ascii: ";") { refused = true }
                end += 1
            }
            defer { start = end + 1 }
            if refused || start == end { continue }
            let name = UnsafeRawBufferPointer(rebasing: query[start..<(equals ?? end)])
            guard equal(name, key) else { continue }
            let value = UnsafeRawBufferPointer(rebasing: query[(equals.map { $0 + 1 } ?? end)..<end])
            guard isWellFormed(value) else { continue }
            if condition(value) { return true }
            if firstOnly { return false }
        }
        return false
    }

    /// Whether `raw`, decoded, is `plain`; false for a malformed escape.
    static func equal(_ raw: UnsafeRawBufferPointer, _ plain: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        var length = 0
        while index < raw.count {
            guard let (byte, width) = decode(raw, at: index), length < plain.count, plain[length] == byte else {
                return false
            }
            index += width
            length += 1
        }
        return length == plain.count
    }

    /// Lends `raw` decoded; without a copy when there is nothing to decode.
    static func withDecoded<Result>(_ raw: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) -> Result) -> Result
    {
        guard raw.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else { return body(raw) }
        return withUnsafeTemporaryAllocation(byteCount: raw.count, alignment: 1) { space in
            var index = 0
            var length = 0
            while index < raw.count, let (byte, width) = decode(raw, at: index) {
                space[length] = byte
                index += width
                length += 1
            }
            return body(UnsafeRawBufferPointer(rebasing: space[..<length]))
        }
    }

    private static func isWellFormed(_ raw: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        while index < raw.count {
            guard let (_, width) = decode(raw, at: index) else { return false }
            index += width
        }
        return true
    }

    /// The character at `index` and how many bytes spell it.
    @inline(__always)
    private static func decode(_ raw: UnsafeRawBufferPointer, at index: Int) -> (byte: UInt8, width: Int)? {
        let byte = raw[index]
        if byte == UInt8(ascii: "+") { return (0x20, 1) }
        guard byte == UInt8(ascii: "%") else { return (byte, 1) }
        guard index + 2 < raw.count, let high = hex(raw[index + 1]), let low = hex(raw[index + 2]) else { return nil }
        return (high << 4 | low, 3)
    }

    private static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte &- 0x30
        case 0x41...0x46: byte &- 0x37
        case 0x61...0x66: byte &- 0x57
        default: nil
        }
    }
}
