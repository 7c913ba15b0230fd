import MartinetCore
import MartinetHTTP
import MartinetServer
import NIOCore

/// Writing the head of a request as a server gets it, into a buffer that is used again and again.
final class RequestHeadWriting: MicroBenchmark {
    private let exchange: Exchange
    private let server = UpstreamServer(
        url: "http://127.0.0.1:8080", scheme: .http, host: "127.0.0.1", port: 8080, authority: "127.0.0.1:8080",
        pathPrefix: "", passHostHeader: true, transport: UpstreamTransport(name: "default@internal"), pool: 0)
    private var out = ByteBuffer()
    private var written = 0

    init() throws {
        exchange = Exchange(
            connection: ConnectionInfo(
                peer: IPAddress(v4: 0x7F00_0001), peerPort: 4711, entryPoint: "web", localPort: 80, isTLS: false))
        guard Samples.parseRequest(into: &exchange.request) else {
            throw BenchmarkError(description: "the sample request is refused")
        }
        exchange.request.headers.add(.xForwardedProto, "http")
        exchange.request.headers.add(.xForwardedHost, "h4711.test")
        exchange.request.headers.add(.xForwardedPort, "80")
        exchange.request.headers.add(.xRealIP, "127.0.0.1")
    }

    func run(_ count: Int) {
        for _ in 0..<count {
            out.clear()
            RequestHeadWriter.write(exchange, to: server, framing: .none, into: &out)
            written &+= out.readableBytes
        }
    }
}

/// Writing the head of an answer as the client gets it, into a buffer that is used again and again.
final class ResponseHeadWriting: MicroBenchmark {
    private var head = ResponseHead()
    private let date = ByteBuffer(string: "Sat, 21 Nov 2026 08:00:00 GMT")
    private var out = ByteBuffer()
    private var written = 0

    init() throws {
        guard Samples.parseResponse(into: &head) else {
            throw BenchmarkError(description: "the sample answer is refused")
        }
    }

    func run(_ count: Int) {
        for _ in 0..<count {
            out.clear()
            ResponseHeadWriter.write(
                head, .init(version: .http11, framing: .length(130), keepAlive: true), date: date, into: &out)
            written &+= out.readableBytes
        }
    }
}
