import MartinetHTTP
import NIOCore
import Testing

/// What others write is read as they meant it, and what we write is what they understood.
@Suite struct InteropTests {
    @Test func fieldBlocksOfOthersAreDecoded() throws {
        var decoder = HPACKDecoder(limit: 4096)
        for vector in InteropVectors.blocks {
            #expect(try decoder.fields(hex(vector.block)) == vector.fields)
        }
    }

    private static var client: [UInt8] {
        InteropVectors.client.flatMap { run in (0..<run.times).flatMap { _ in hex(run.bytes) } }
    }

    @Test func connectionsOfOthersAreUnderstood() {
        let peer = Conversation(.server)
        peer.feed(Self.client)
        #expect(
            peer.takeEvents() == [
                "settings", "request 1 GET /x?y=z end", "request 3 POST /upload", "data 3 hello", "data 3 world",
                "end 3 Content-Digest=x", "request 5 GET / end", "request 7 GET /gone", "reset 7 CANCEL by peer",
            ])
        #expect(peer.sent() == ["SETTINGS", "WINDOW_UPDATE 0 983041", "SETTINGS ack", "PING ack"])
    }

    private static func text(_ buffer: ByteBuffer) -> String {
        let digits = Array("0123456789abcdef")
        return String(buffer.readableBytesView.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    /// A server's answers to that client: an interim answer, a body in two frames, trailers, a large head, and an
    /// answer without a body.
    @Test func ourAnswersAreThoseThatOthersUnderstood() {
        let peer = Conversation(.server)
        peer.feed(Self.client)
        var hints = ResponseHead()
        hints.status = 103
        hints.headers.add(name: "Link", value: "</style.css>; rel=preload")
        peer.session.writeInterim(HTTP2StreamID(1), hints, into: &peer.output)
        var head = ResponseHead()
        head.headers.add(.contentType, "text/html; charset=utf-8")
        head.headers.add(.server, "martinet")
        head.headers.add(.setCookie, "session=1; HttpOnly")
        for number: UInt32 in [1, 3] {
            let stream = HTTP2StreamID(number)
            peer.session.writeResponse(stream, head, contentLength: 10, end: false, into: &peer.output)
            var body = ByteBuffer(string: "hello")
            _ = peer.write(stream, &body, end: false)
        }
        var body = ByteBuffer(string: "world")
        _ = peer.write(HTTP2StreamID(1), &body, end: true)
        body = ByteBuffer(string: "world")
        _ = peer.write(HTTP2StreamID(3), &body, end: false)
        var trailers = HeaderBlock()
        trailers.add(.grpcStatus, "0")
        peer.session.writeEnd(HTTP2StreamID(3), trailers: TrailerSection(trailers), into: &peer.output)
        head.status = 404
        head.headers.add(name: "X-Large", value: String(repeating: "~}", count: 9000))
        peer.session.writeResponse(HTTP2StreamID(5), head, contentLength: 0, end: true, into: &peer.output)
        #expect(FNV.sum(peer.output) == InteropVectors.serverSum, "\(Self.text(peer.output))")
    }

    @Test func ourRequestsAreThoseThatOthersUnderstood() {
        let peer = Conversation(.client)
        peer.feed(Wire.settings())
        for number in 0..<3 {
            var head = RequestHead()
            head.method = number == 0 ? .get : .put
            head.methodBytes = head.headers.store(number == 0 ? "GET" : "PUT")
            head.setPath("/number/\(number)")
            head.setQuery(number == 2 ? "q=1" : nil)
            head.host = head.headers.store("a.test")
            head.headers.add(name: "User-Agent", value: "someone/1.0")
            head.headers.add(.cookie, "a=1; b=2")
            head.headers.add(.te, "trailers")
            let stream = peer.session.openRequest(
                head, to: .init(isSecure: true, pathPrefix: number == 1 ? "/prefix" : ""),
                contentLength: number == 0 ? nil : 5, end: number == 0, into: &peer.output)
            guard number > 0, let stream else { continue }
            var body = ByteBuffer(string: "hello")
            _ = peer.write(stream, &body, end: true)
        }
        peer.session.ping(7, into: &peer.output)
        peer.session.reset(HTTP2StreamID(1), .cancel, into: &peer.output)
        peer.session.beginShutdown(into: &peer.output)
        #expect(FNV.sum(peer.output) == InteropVectors.clientSum, "\(Self.text(peer.output))")
    }
}

/// A checksum, so that long outputs need not be written down.
enum FNV {
    static func sum(_ buffer: ByteBuffer) -> UInt64 {
        buffer.readableBytesView.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
}
