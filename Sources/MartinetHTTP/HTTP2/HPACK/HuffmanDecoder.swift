/// Reads strings in HPACK's Huffman code (RFC 7541 §5.2): ten bits are looked up at once, which is all of most symbols, and what
/// is longer is found by comparing with the first code of each length.
struct HuffmanDecoder: Sendable {
    static let shared = HuffmanDecoder()

    private static let window: UInt64 = 10

    /// By the next ten bits: symbol shifted by four, and its code's length; 0 for codes that are longer.
    private let short: [UInt16]
    /// By length: the first code of that length, how many there are, and where its symbol stands in ``HuffmanCode/ordered``.
    private let long: [(first: UInt64, count: UInt64, index: Int)]
    private let ordered = HuffmanCode.ordered

    private init() {
        var short = [UInt16](repeating: 0, count: 1 << Int(Self.window))
        var long = [(first: UInt64, count: UInt64, index: Int)](
            repeating: (0, 0, 0), count: HuffmanCode.longest + 1)
        var code: UInt64 = 0
        var length: UInt8 = 0
        for (index, symbol) in HuffmanCode.ordered.enumerated() {
            let own = HuffmanCode.lengths[Int(symbol)]
            code <<= UInt64(own - length)
            length = own
            if long[Int(own)].count == 0 { long[Int(own)] = (code, 0, index) }
            long[Int(own)].count += 1
            if UInt64(own) <= Self.window {
                let first = code << (Self.window - UInt64(own))
                for slot in first..<(first + 1 << (Self.window - UInt64(own))) {
                    short[Int(slot)] = symbol << 4 | UInt16(own)
                }
            }
            code += 1
        }
        self.short = short
        self.long = long
    }

    /// Most bytes that `count` coded bytes stand for: the shortest codes have five bits.
    static func bound(_ count: Int) -> Int { count &* 8 / 5 }

    /// Decodes `text` into `memory`, which has room for ``bound(_:)`` of its bytes. Returns how many were written.
    func decode(
        _ text: UnsafeRawBufferPointer, to memory: UnsafeMutableRawBufferPointer
    ) throws(HPACKError) -> Int {
        // The bits not yet decoded stand at the top; zeros follow.
        var bits: UInt64 = 0
        var count: UInt64 = 0
        var next = 0
        var written = 0
        while true {
            while count <= 56, next < text.count {
                bits |= UInt64(text[next]) << (56 &- count)
                count &+= 8
                next &+= 1
            }
            if count == 0 { return written }
            var symbol = 0
            var length: UInt64 = 0
            let entry = short[Int(bits >> (64 &- Self.window))]
            if entry != 0 {
                symbol = Int(entry >> 4)
                length = UInt64(entry & 15)
            } else {
                (symbol, length) = longSymbol(bits)
            }
            guard length <= count else { break }
            guard symbol < HuffmanCode.endOfString else {
                throw HPACKError(reason: "a Huffman-coded string holds the end of string (RFC 7541 5.2)")
            }
            memory[written] = UInt8(truncatingIfNeeded: symbol)
            written &+= 1
            bits <<= length
            count &-= length
        }
        // What is left is padding: fewer than eight bits, all ones.
        guard count < 8, bits >> (64 &- count) == (1 << count) &- 1 else {
            throw HPACKError(reason: "a Huffman-coded string has wrong padding (RFC 7541 5.2)")
        }
        return written
    }

    private func longSymbol(_ bits: UInt64) -> (symbol: Int, length: UInt64) {
        var length = Self.window &+ 1
        while length <= UInt64(HuffmanCode.longest) {
            let row = long[Int(length)]
            let offset = (bits >> (64 &- length)) &- row.first
            if offset < row.count { return (Int(ordered[row.index &+ Int(offset)]), length) }
            length &+= 1
        }
        // The code is complete, so this is not reached; the length makes it an error all the same.
        return (HuffmanCode.endOfString, 0)
    }
}
