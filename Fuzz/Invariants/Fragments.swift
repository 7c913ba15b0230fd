/// Ways to cut an input into the reads it may arrive in.
enum Fragments {
    /// The input in one piece, then byte by byte, then cut at random twice. The cuts depend on the input only.
    static func ways(of input: [UInt8]) -> [[ArraySlice<UInt8>]] {
        var random = SplitMix(seededBy: input)
        var ways = [[input[...]], random.pieces(of: input, longest: 16), random.pieces(of: input, longest: 512)]
        // Byte by byte is slow for long inputs, and adds nothing for them.
        if input.count <= 512 { ways.append(input.indices.map { input[$0...$0] }) }
        return ways
    }
}

extension SplitMix {
    /// `input` in pieces of one to `longest` bytes.
    fileprivate mutating func pieces(of input: [UInt8], longest: Int) -> [ArraySlice<UInt8>] {
        var pieces: [ArraySlice<UInt8>] = []
        var start = 0
        while start < input.count {
            let end = min(input.count, start + Int.random(in: 1...longest, using: &self))
            pieces.append(input[start..<end])
            start = end
        }
        return pieces
    }
}
