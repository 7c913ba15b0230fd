/// The text of a template, and where its lines begin.
struct SourceText: Sendable {
    let bytes: [UInt8]
    private let lineStarts: [Int]

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        var starts = [0]
        for (index, byte) in bytes.enumerated() where byte == 0x0A { starts.append(index + 1) }
        lineStarts = starts
    }

    /// Line and column of a byte, both counting from 1.
    func position(_ place: Int) -> (line: Int, column: Int) {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= place { low = middle } else { high = middle }
        }
        return (low + 1, place - lineStarts[low] + 1)
    }

    /// A piece for a message, shortened.
    func excerpt(_ range: SourceRange) -> String {
        let clamped = range.clamped(to: 0..<bytes.count)
        let text = String(decoding: bytes[clamped], as: UTF8.self)
        return text.count > 60 ? text.prefix(57) + "…" : text
    }
}
