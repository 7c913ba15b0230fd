/// Writes strings in HPACK's Huffman code (RFC 7541 §5.2), letters of names in lower case as HTTP/2 wants them.
struct HuffmanEncoder: Sendable {
    static let shared = HuffmanEncoder()

    /// Code and, in the low five bits, its length; by symbol.
    private let codes: [UInt64]

    private init() {
        var codes = [UInt64](repeating: 0, count: HuffmanCode.lengths.count)
        var code: UInt64 = 0
        var length: UInt8 = 0
        for symbol in HuffmanCode.ordered {
            let own = HuffmanCode.lengths[Int(symbol)]
            code <<= UInt64(own - length)
            length = own
            codes[Int(symbol)] = code << 5 | UInt64(own)
            code += 1
        }
        self.codes = codes
    }

    /// How many bytes `text` takes when it is coded.
    func length(of text: UnsafeRawBufferPointer, lowercased: Bool) -> Int {
        codes.withUnsafeBufferPointer { codes in
            var bits = 7
            if lowercased {
                for byte in text { bits &+= Int(truncatingIfNeeded: codes[Int(ASCII.lower(byte))] & 31) }
            } else {
                for byte in text { bits &+= Int(truncatingIfNeeded: codes[Int(byte)] & 31) }
            }
            return bits >> 3
        }
    }

    /// Writes `text` to `memory`, which has room for just as many bytes as ``length(of:lowercased:)`` says.
    func encode(_ text: UnsafeRawBufferPointer, lowercased: Bool, to memory: UnsafeMutableRawBufferPointer) {
        codes.withUnsafeBufferPointer { codes in
            var bits: UInt64 = 0
            var count: UInt64 = 0
            var next = 0
            for byte in text {
                let entry = codes[Int(lowercased ? ASCII.lower(byte) : byte)]
                let length = entry & 31
                bits = bits << length | entry >> 5
                count &+= length
                while count >= 8 {
                    count &-= 8
                    memory[next] = UInt8(truncatingIfNeeded: bits >> count)
                    next &+= 1
                }
            }
            guard count > 0 else { return }
            // Padded with the first bits of the end of string, which are ones.
            memory[next] = UInt8(truncatingIfNeeded: bits << (8 &- count)) | UInt8(truncatingIfNeeded: 0xFF >> count)
        }
    }
}
