import NIOCore
import Testing

@testable import MartinetServer

@Suite struct BodyQueueTests {
    private static func sizes(_ queue: inout BodyQueue) -> [Int] {
        var sizes: [Int] = []
        queue.drain { piece in
            sizes.append(piece.readableBytes)
            piece.moveReaderIndex(to: piece.writerIndex)
        }
        return sizes
    }

    @Test func smallPiecesAreCopiedTogether() {
        var queue = BodyQueue()
        for _ in 0..<100 { queue.append(ByteBuffer(string: "ten bytes.")) }
        #expect(queue.count == 1000)
        let sizes = Self.sizes(&queue)
        #expect(sizes == [1000])
        #expect(queue.isEmpty && queue.count == 0)
    }

    @Test func largePiecesStayAsTheyAre() {
        var queue = BodyQueue()
        queue.append(ByteBuffer(string: "a"))
        queue.append(ByteBuffer(repeating: 0x62, count: 10_000))
        queue.append(ByteBuffer(string: "c"))
        queue.append(ByteBuffer(string: "d"))
        let sizes = Self.sizes(&queue)
        #expect(sizes == [1, 10_000, 2])
    }

    /// What is taken bit by bit comes in order, with more appended meanwhile.
    @Test(arguments: [1, 7, 1000, 5000]) func bytesComeInOrder(_ step: Int) {
        var queue = BodyQueue()
        var next: UInt8 = 0
        var expected: UInt8 = 0
        var taken = 0
        for size in [10, 6000, 1, 1, 4096, 4097, 3, 20_000] {
            var piece = ByteBuffer()
            for _ in 0..<size {
                piece.writeInteger(next)
                next &+= 1
            }
            queue.append(piece)
            var allowance = step
            queue.drain { piece in
                while allowance > 0, let byte = piece.readInteger(as: UInt8.self) {
                    #expect(byte == expected)
                    expected &+= 1
                    allowance -= 1
                    taken += 1
                }
            }
        }
        let left = Self.sizes(&queue).reduce(0, +)
        #expect(taken + left == 34_208)
    }

    /// The rest of a large buffer does not keep all of it.
    @Test func restsOfLargePiecesAreSmall() {
        var queue = BodyQueue()
        queue.append(ByteBuffer(repeating: 0x61, count: 60_000))
        queue.drain { $0.moveReaderIndex(forwardBy: 59_990) }
        var capacity = 0
        queue.drain { capacity = $0.storageCapacity }
        #expect(queue.count == 10)
        #expect(capacity < 4096)
    }
}
