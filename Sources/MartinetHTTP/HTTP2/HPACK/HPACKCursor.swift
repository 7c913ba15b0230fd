/// Reads the two primitive types of HPACK, integers and strings, out of a whole field block (RFC 7541 §5).
struct HPACKCursor {
    private let bytes: UnsafeRawBufferPointer
    private(set) var position = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// The next byte, not taken; nil at the end.
    var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    /// Largest integer that is taken: no index, length or table size that a limit would allow is larger.
    static let largest = 1 << 24

    /// An integer whose first byte has `prefix` bits for it (§5.1). At most four bytes may follow the first: more would be
    /// beyond any limit, or zeros that serve to waste time.
    mutating func integer(prefix: UInt8) throws(HPACKError) -> Int {
        guard let first = peek else { throw Self.truncated }
        position &+= 1
        let mask = UInt8(truncatingIfNeeded: (1 << UInt32(prefix)) - 1)
        var value = Int(first & mask)
        guard first & mask == mask else { return value }
        var shift = 0
        while shift < 28 {
            guard let byte = peek else { throw Self.truncated }
            position &+= 1
            value &+= Int(byte & 0x7F) << shift
            if byte & 0x80 == 0 {
                guard value <= Self.largest else { break }
                return value
            }
            shift &+= 7
        }
        throw HPACKError(reason: "an integer is too large (RFC 7541 5.1)")
    }

    /// A string's bytes as they stand, and whether they are Huffman-coded (§5.2).
    mutating func string() throws(HPACKError) -> (bytes: UnsafeRawBufferPointer, isHuffman: Bool) {
        let isHuffman = (peek ?? 0) & 0x80 != 0
        let length = try integer(prefix: 7)
        guard length <= bytes.count - position else { throw Self.truncated }
        let run = UnsafeRawBufferPointer(rebasing: bytes[position..<(position + length)])
        position += length
        return (run, isHuffman)
    }

    private static var truncated: HPACKError { HPACKError(reason: "a field block ends within a field line") }
}
