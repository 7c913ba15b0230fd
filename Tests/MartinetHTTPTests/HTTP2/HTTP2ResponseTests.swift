import MartinetHTTP
import NIOCore
import Testing

/// The client's role: requests to backends and what they answer.
@Suite struct HTTP2ResponseTests {
    /// A client with one request on stream 1.
    private static func asking(_ method: String = "GET", end: Bool = true) -> Conversation {
        let peer = Conversation.open(.client)
        let id = open(peer, method, end: end)
        #expect(id == HTTP2StreamID(1))
        peer.output.clear()
        return peer
    }

    @discardableResult
    private static func open(_ peer: Conversation, _ method: String = "GET", end: Bool = true) -> HTTP2StreamID? {
        var head = RequestHead()
        head.methodBytes = head.headers.store(method)
        head.method = Array(method.utf8).withUnsafeBytes { HTTPMethod($0) }
        head.setPath("/x")
        head.host = head.headers.store("a.test")
        return peer.session.openRequest(head, to: .init(isSecure: false), end: end, into: &peer.output)
    }

    static let goodRows: [HTTP2RequestRow] = [
        .fields("an answer", Wire.response, ["response 1 200 end"]),
        .frames(
            "a body", Wire.headers(1, Wire.response, end: false) + Wire.data(1, "hi", end: true),
            ["response 1 200", "data 1 hi end"]),
        .frames(
            "a length",
            Wire.headers(1, [(":status", "200"), ("content-length", "2")], end: false) + Wire.data(1, "hi", end: true),
            ["response 1 200", "data 1 hi end"]),
        .frames(
            "trailers",
            Wire.headers(1, Wire.response, end: false)
                + Wire.headers(1, [("grpc-status", "0"), ("set-cookie", "a=b")]),
            ["response 1 200", "end 1 Grpc-Status=0"]),
        .frames(
            "interim answers",
            Wire.headers(1, [(":status", "100")], end: false)
                + Wire.headers(1, [(":status", "103"), ("link", "x")], end: false) + Wire.headers(1, Wire.response),
            ["interim 1 100", "interim 1 103", "response 1 200 end"]),
        .frames("reset", Wire.reset(1, 7), ["reset 1 REFUSED_STREAM by peer"]),
        .frames("a code that is not known", Wire.reset(1, 99), ["reset 1 error 99 by peer"]),
    ]

    @Test(arguments: goodRows) func answersAreRead(_ row: HTTP2RequestRow) {
        let peer = Self.asking()
        #expect(peer.hear(row.frames) == row.events)
        #expect(peer.sent() == [])
        #expect(peer.session.openStreams == 0)
    }

    static let malformedRows: [HTTP2RequestRow] = [
        .fields("no status", [("a", "b")], []),
        .fields("an empty status", [(":status", "")], []),
        .fields("a status of two digits", [(":status", "99")], []),
        .fields("a status with a sign", [(":status", "+20")], []),
        .fields("a status twice", [(":status", "200"), (":status", "200")], []),
        .fields("a path", [(":status", "200"), (":path", "/")], []),
        .fields("101", [(":status", "101")], end: false, []),
        .fields("an interim answer that ends", [(":status", "100")], []),
        .fields("an interim answer with a length", [(":status", "100"), ("content-length", "5")], end: false, []),
        .fields("R5 CR in a value", [(":status", "200"), ("a", "b\rc")], []),
        .fields("Transfer-Encoding", [(":status", "200"), ("transfer-encoding", "chunked")], []),
        .fields(
            "R1 two lengths", [(":status", "200"), ("content-length", "5"), ("content-length", "5")], end: false, []),
        .fields("R1 a length with a sign", [(":status", "200"), ("content-length", "+5")], end: false, []),
        .fields("a length without a body", [(":status", "200"), ("content-length", "5")], []),
        .fields("R4 too many headers", [(":status", "200")] + (0..<300).map { ("a\($0)", "b") }, []),
        .frames("DATA first", Wire.data(1, "hi"), []),
    ]

    @Test(arguments: malformedRows) func malformedAnswersResetTheStream(_ row: HTTP2RequestRow) {
        let peer = Self.asking()
        #expect(peer.hear(row.frames) == ["reset 1 PROTOCOL_ERROR"])
        #expect(peer.sent() == ["RST 1 PROTOCOL_ERROR"])
    }

    @Test func answersToHeadHaveALengthAndNoBody() {
        let peer = Self.asking("HEAD")
        #expect(peer.hear(Wire.headers(1, [(":status", "200"), ("content-length", "5")])) == ["response 1 200 end"])
        #expect(peer.response.framing == .none)
        Self.open(peer, "HEAD")
        peer.feed(Wire.headers(3, [(":status", "200"), ("content-length", "5")], end: false))
        #expect(peer.hear(Wire.data(3, "hello", end: true)).last == "reset 3 PROTOCOL_ERROR")
    }

    static let connectionRows: [HTTP2RequestRow] = [
        .frames("an answer nobody asked for", Wire.headers(3, Wire.response), ["closed PROTOCOL_ERROR"]),
        .frames("an answer on an even stream", Wire.headers(2, Wire.response), ["closed PROTOCOL_ERROR"]),
        .frames(
            "PUSH_PROMISE", Wire.frame(5, 4, 1, Wire.int(2) + Wire.block(Wire.request())), ["closed PROTOCOL_ERROR"]),
        .frames("DATA on a stream never opened", Wire.data(5, "x"), ["closed PROTOCOL_ERROR"]),
        .frames("a server that enables push", Wire.settings([(2, 1)]), ["closed PROTOCOL_ERROR"]),
        .frames("a broken field block", Wire.frame(1, 5, 1, [0x80]), ["closed COMPRESSION_ERROR"]),
    ]

    @Test(arguments: connectionRows) func whatAServerMustNotDoEndsTheConnection(_ row: HTTP2RequestRow) {
        let peer = Self.asking()
        #expect(peer.hear(row.frames) == row.events)
        #expect(peer.isClosed)
    }

    @Test func settingsMustComeFirst() {
        let peer = Conversation(.client)
        #expect(peer.sent().isEmpty == false)
        #expect(peer.hear(Wire.ping()) == ["closed PROTOCOL_ERROR"])
    }

    /// What a client writes, a server reads.
    @Test func requestsAndAnswersMakeTheRound() {
        let client = Conversation(.client)
        let server = Conversation(.server)
        func exchange() {
            for _ in 0..<3 {
                let toServer = Array(client.output.readableBytesView)
                client.output.clear()
                server.feed(toServer)
                let toClient = Array(server.output.readableBytesView)
                server.output.clear()
                client.feed(toClient)
            }
        }
        exchange()
        #expect(client.takeEvents() == ["settings"])
        #expect(server.takeEvents() == ["settings"])

        var head = RequestHead()
        head.methodBytes = head.headers.store("POST")
        head.method = .post
        head.setPath("/a")
        head.setQuery("b=c")
        head.host = head.headers.store("other.test")
        head.headers.add(.connection, "close")
        head.headers.add(.transferEncoding, "chunked")
        head.headers.add(.host, "other.test")
        head.headers.add(.te, "gzip, trailers")
        head.headers.add(.authorization, "secret")
        head.headers.add(name: "X-Large", value: String(repeating: "\u{7F}", count: 20000))
        head.headers.set(name: "X-Large", value: String(repeating: "~", count: 20000))
        let destination = HTTP2Session.Destination(isSecure: true, authority: "backend.test:8443", pathPrefix: "/pre")
        let id = client.session.openRequest(
            head, to: destination, contentLength: 5, end: false,
            extra: { fields in
                fields.add(.xForwardedFor, "10.0.0.1")
                fields.add(name: "X-Extra", value: "yes")
            }, into: &client.output)
        #expect(id == HTTP2StreamID(1))
        var body = ByteBuffer(string: "hello")
        #expect(client.write(HTTP2StreamID(1), &body, end: true))
        exchange()
        #expect(server.takeEvents() == ["request 1 POST /pre/a?b=c", "data 1 hello end"])
        #expect(server.request.hostString == "backend.test:8443")
        #expect(
            server.lines.filter { !$0.hasPrefix("X-Large") } == [
                "Authorization: secret", "Te: trailers", "Content-Length: 5", "X-Forwarded-For: 10.0.0.1",
                "X-Extra: yes",
            ])
        #expect(server.request.headers.string(name: "X-Large")?.count == 20000)
        #expect(server.request.headers.entries.first?.isSensitive == true)

        var answer = ResponseHead()
        answer.status = 103
        answer.headers.add(name: "Link", value: "x")
        server.session.writeInterim(HTTP2StreamID(1), answer, into: &server.output)
        answer.status = 418
        answer.headers.add(.trailer, "Grpc-Status, Set-Cookie")
        server.session.writeResponse(
            HTTP2StreamID(1), answer, contentLength: 2, date: ByteBuffer(string: "now"), end: false,
            into: &server.output)
        var reply = ByteBuffer(string: "no")
        #expect(server.write(HTTP2StreamID(1), &reply, end: false))
        var trailers = HeaderBlock()
        trailers.add(.grpcStatus, "7")
        server.session.writeEnd(HTTP2StreamID(1), trailers: TrailerSection(trailers), into: &server.output)
        exchange()
        #expect(client.takeEvents() == ["interim 1 103", "response 1 418", "data 1 no", "end 1 Grpc-Status=7"])
        #expect(client.responseLines == ["Link: x", "Trailer: Grpc-Status", "Date: now", "Content-Length: 2"])
        #expect(client.session.openStreams == 0)
        #expect(server.session.openStreams == 0)
    }
}
