import MartinetHTTP
import NIOCore

/// Taking a body of four chunks of 1 KiB out of its framing.
final class ChunkedDecoding: MicroBenchmark {
    private let wire: ByteBuffer
    private var decoded = 0

    init() throws {
        let chunk = "400\r\n" + String(repeating: "x", count: 1024) + "\r\n"
        wire = ByteBuffer(string: String(repeating: chunk, count: 4) + "0\r\n\r\n")
        run(1)
        guard decoded == 4096 else { throw BenchmarkError(description: "the sample body is not decoded") }
    }

    func run(_ count: Int) {
        for _ in 0..<count {
            var decoder = HTTP1BodyDecoder(framing: .chunked)
            var buffer = wire
            while case .data(let piece) = decoder.next(&buffer) { decoded &+= piece.readableBytes }
        }
    }
}
