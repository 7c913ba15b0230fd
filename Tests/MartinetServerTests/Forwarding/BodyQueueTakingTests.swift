import NIOCore
import Testing

@testable import MartinetServer

/// Bodies that are taken piece by piece, as those of requests are.
@Suite struct BodyQueueTakingTests {
    /// A frame of five bytes in each read of many: what waits is the five bytes.
    @Test func tinyPiecesDoNotKeepWhatWasReadWithThem() {
        var queue = BodyQueue()
        for _ in 0..<50_000 {
            let read = ByteBuffer(repeating: 0x61, count: 100)
            queue.append(read.getSlice(at: 20, length: 5) ?? ByteBuffer())
        }
        #expect(queue.count == 250_000)
        var pieces = 0
        var capacity = 0
        while let piece = queue.popFirst() {
            pieces += 1
            capacity += piece.storageCapacity
        }
        #expect(pieces == 250_000 / 16380 + 1)
        #expect(capacity <= 2 * 16384 * pieces)
        #expect(queue.isEmpty && queue.count == 0)
    }

    /// Small and large ones, taken and added in turns, stay in order.
    @Test(arguments: [1, 2, 5, 50]) func piecesStayInOrder(_ turns: Int) {
        var queue = BodyQueue()
        var added: UInt8 = 0
        var expected: UInt8 = 0
        for size in Array(repeating: [1, 5000, 3, 3, 4097, 4096, 20_000, 7], count: 20).joined() {
            var piece = ByteBuffer()
            for _ in 0..<size {
                piece.writeInteger(added)
                added &+= 1
            }
            queue.append(piece)
            guard size % turns == 0 else { continue }
            for _ in 0..<2 { check(queue.popFirst(), &expected) }
        }
        while let piece = queue.popFirst() { check(piece, &expected) }
        #expect(expected == added)
        #expect(queue.count == 0)
    }

    private func check(_ piece: ByteBuffer?, _ expected: inout UInt8) {
        let isInOrder = piece?.readableBytesView.allSatisfy { byte in
            defer { expected &+= 1 }
            return byte == expected
        }
        #expect(isInOrder ?? true)
    }
}
