import MartinetCore
import MartinetHTTP
import NIOCore
import Testing

@testable import MartinetServer

@Suite struct RequestHeadWriterTests {
    private static func server(isOwn: Bool = false) -> UpstreamServer {
        UpstreamServer(
            url: "http://s", scheme: .http, host: "s", port: 80, authority: "s", pathPrefix: "", passHostHeader: true,
            transport: UpstreamTransport(name: "t"), pool: 0, isOwnEntryPoint: isOwn)
    }

    /// The lines a server gets for a GET with these lines, as read from the wire; Host and X-Forwarded-For left out.
    private func lines(_ text: String, to server: UpstreamServer = server(), framing: BodyFraming = .none) -> [String] {
        var buffer = ByteBuffer(string: "GET / HTTP/1.1\r\nHost: a.test\r\n\(text)\r\n")
        let exchange = Exchange(
            connection: ConnectionInfo(
                peer: IPAddress(v4: 0x0A00_0001), peerPort: 1, entryPoint: "web", localPort: 80, isTLS: false))
        var parser = HTTP1RequestParser(limits: HTTP1Limits())
        guard case .head = parser.parse(&buffer, into: &exchange.request) else { return ["refused"] }
        exchange.appendsForwardedFor = false
        var out = ByteBuffer()
        RequestHeadWriter.write(exchange, to: server, framing: framing, into: &out)
        return String(buffer: out).split(separator: "\r\n").dropFirst(2).map(String.init)
    }

    @Test(arguments: [
        "Proxy-Connection: keep-alive", "Keep-Alive: timeout=5", "Proxy-Authorization: Basic eDp5", "TE: gzip",
        "Proxy-Authenticate: Basic", "Connection: close", "Upgrade: websocket", "Trailer: Digest",
        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__",
        "X-Martinet-Hops: 3", "Content-Length: 0",
    ])
    func whatConcernsOneConnectionStaysThere(_ line: String) {
        #expect(lines("X-A: b\r\n" + line + "\r\n") == ["X-A: b"])
    }

    @Test(arguments: ["TE: trailers", "te: gzip;q=0.5, Trailers", "TE: trailers\r\nConnection: TE"])
    func ofTEOnlyTrailersGoesOn(_ line: String) {
        #expect(lines(line + "\r\n") == ["Te: trailers"])
    }

    @Test func upgradesAreAskedForAnew() {
        #expect(
            lines("connection: keep-alive, upgrade\r\nupgrade: websocket\r\n") == [
                "Connection: Upgrade", "Upgrade: websocket",
            ])
    }

    @Test func framingIsOurs() {
        #expect(lines("Content-Length: 0\r\n", framing: .length(7)) == ["Content-Length: 7"])
        #expect(
            lines("Trailer: Digest, Host\r\n", framing: .chunked) == ["Transfer-Encoding: chunked", "Trailer: Digest"])
    }

    @Test(arguments: [("", "1"), ("X-Martinet-Hops: 4\r\n", "5"), ("x-martinet-hops: 77\r\n", "11")])
    func ownEntryPointsGetTheCountOfHops(_ line: String, _ count: String) {
        #expect(lines(line, to: Self.server(isOwn: true)) == ["X-Martinet-Hops: \(count)"])
    }
}
