import MartinetHTTP
import NIOCore

/// Parsing the head of a request out of the bytes it came in.
final class RequestHeadParsing: MicroBenchmark {
    private let wire = ByteBuffer(string: Samples.request)
    private var parser = HTTP1RequestParser(limits: HTTP1Limits())
    private var head = RequestHead()
    private var parsed = 0

    init() throws {
        run(1)
        guard parsed == 1 else { throw BenchmarkError(description: "the sample request is refused") }
    }

    func run(_ count: Int) {
        for _ in 0..<count {
            var buffer = wire
            if case .head = parser.parse(&buffer, into: &head) { parsed &+= 1 }
        }
    }
}

/// Parsing the head of an answer out of the bytes it came in.
final class ResponseHeadParsing: MicroBenchmark {
    private let wire = ByteBuffer(string: Samples.response)
    private var parser = HTTP1ResponseParser(limits: HTTP1Limits())
    private var head = ResponseHead()
    private var parsed = 0

    init() throws {
        run(1)
        guard parsed == 1 else { throw BenchmarkError(description: "the sample answer is refused") }
    }

    func run(_ count: Int) {
        for _ in 0..<count {
            var buffer = wire
            if case .head = parser.parse(&buffer, into: &head, requestMethod: .get) { parsed &+= 1 }
        }
    }
}
