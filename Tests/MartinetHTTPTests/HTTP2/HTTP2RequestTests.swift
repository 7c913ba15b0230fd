import MartinetHTTP
import NIOCore
import Testing

/// One request on stream 1 and how it ends; the rows are numbered as in the corpus of attacks.
struct HTTP2RequestRow: Sendable, CustomTestStringConvertible {
    let label: String
    let frames: [UInt8]
    let events: [String]
    var testDescription: String { label }

    private init(_ label: String, _ frames: [UInt8], _ events: [String]) {
        self.label = label
        self.frames = frames
        self.events = events
    }

    static func frames(_ label: String, _ frames: [UInt8], _ events: [String]) -> HTTP2RequestRow {
        HTTP2RequestRow(label, frames, events)
    }

    static func fields(
        _ label: String, _ fields: [(String, String)], end: Bool = true, _ events: [String]
    ) -> HTTP2RequestRow {
        HTTP2RequestRow(label, Wire.headers(1, fields, end: end), events)
    }
}

@Suite struct HTTP2RequestTests {
    /// A malformed request is never shown; its stream is reset.
    private static let malformed: [String] = []

    private static func header(_ name: String, _ value: String) -> [(String, String)] {
        Wire.request(and: [(name, value)])
    }

    static let malformedRows: [HTTP2RequestRow] = [
        .fields("H1 CR in a value", header("a", "b\rc"), malformed),
        .fields("H1 LF in a value", header("a", "b\nc"), malformed),
        .fields("H1 NUL in a value", header("a", "b\u{0}c"), malformed),
        .fields("H1 a blank before a value", header("a", " b"), malformed),
        .fields("H1 a tab behind a value", header("a", "b\t"), malformed),
        .fields("H1 CRLF in a name", header("a\r\nb", "c"), malformed),
        .fields("H1 a colon in a name", header("a:b", "c"), malformed),
        .fields("H1 a blank in a name", header("a b", "c"), malformed),
        .fields("H1 a capital in a name", header("aB", "c"), malformed),
        .fields("H1 a known name with a capital", header("Accept", "c"), malformed),
        .fields("H1 an empty name", header("", "c"), malformed),
        .fields("H1 a name beyond ASCII", header("é", "c"), malformed),
        .fields("H2 CRLF in :path", Wire.request([":path": "/a\r\nb: c"]), malformed),
        .fields("H2 CRLF in :authority", Wire.request([":authority": "a\r\nb: c"]), malformed),
        .fields("H2 CRLF in :scheme", Wire.request([":scheme": "http\r\nb: c"]), malformed),
        .fields("H2 CRLF in :method", Wire.request([":method": "GET /adm HTTP/1.1\r\nb: c"]), malformed),
        .fields("H2 a request line in :method", Wire.request([":method": "GET /adm HTTP/1.1"]), malformed),
        .fields("H2 an empty :method", Wire.request([":method": ""]), malformed),
        .fields("H3 :path without a slash", Wire.request([":path": "hello"]), malformed),
        .fields("H3 an empty :path", Wire.request([":path": ""]), malformed),
        .fields("H3 :path with a space", Wire.request([":path": "/a b"]), malformed),
        .fields("H3 :path beyond ASCII", Wire.request([":path": "/é"]), malformed),
        .fields("H3 :path with a host", Wire.request([":path": "http://b/x"]), malformed),
        .fields("H3 GET *", Wire.request([":path": "*"]), malformed),
        .fields("H6 Transfer-Encoding", header("transfer-encoding", "chunked"), malformed),
        .fields("H6 Connection", header("connection", "close"), malformed),
        .fields("H6 Keep-Alive", header("keep-alive", "x"), malformed),
        .fields("H6 Upgrade", header("upgrade", "h2c"), malformed),
        .fields("H6 Proxy-Connection", header("proxy-connection", "close"), malformed),
        .fields("H6 TE: gzip", header("te", "gzip"), malformed),
        .fields("H6 TE: trailers, gzip", header("te", "trailers, gzip"), malformed),
        .fields("F10 transfer_encoding", header("transfer_encoding", "chunked"), malformed),
        .fields("F10 content.length", header("content.length", "5"), malformed),
        .fields(
            "H7 two lengths", Wire.request(and: [("content-length", "5"), ("content-length", "6")]), end: false,
            malformed),
        .fields("H7 a length with a sign", header("content-length", "+5"), end: false, malformed),
        .fields("H7 a length without a body", header("content-length", "5"), malformed),
        .fields("H8 :path twice", Wire.request(and: [(":path", "/y")]), malformed),
        .fields(
            "H8 a pseudo-header behind a header", Wire.request([":path": nil], and: [("a", "b"), (":path", "/")]),
            malformed),
        .fields("H8 an unknown pseudo-header", header(":foo", "bar"), malformed),
        .fields("H8 :status in a request", header(":status", "200"), malformed),
        .fields("H8 no :path", Wire.request([":path": nil]), malformed),
        .fields("H8 no :method", Wire.request([":method": nil]), malformed),
        .fields("H8 no :scheme", Wire.request([":scheme": nil]), malformed),
        .fields("two Host lines", Wire.request([":authority": nil], and: [("host", "a"), ("host", "a")]), malformed),
        .fields("H9 CONNECT with a path", Wire.request([":method": "CONNECT"]), malformed),
        .fields(
            "H9 CONNECT without an authority",
            Wire.request([":method": "CONNECT", ":path": nil, ":scheme": nil, ":authority": nil]), malformed),
        .fields(
            "extended CONNECT without leave", Wire.request([":method": "CONNECT"], and: [(":protocol", "websocket")]),
            end: false, malformed),
    ]

    @Test(arguments: malformedRows) func malformedRequestsAreReset(_ row: HTTP2RequestRow) {
        let peer = Conversation.open(.server)
        #expect(peer.hear(row.frames) == row.events)
        #expect(peer.sent() == ["RST 1 PROTOCOL_ERROR"])
        #expect(peer.session.openStreams == 0)
        // The connection goes on, and its tables agree.
        #expect(peer.hear(Wire.headers(3, Wire.request())) == ["request 3 GET /x end"])
    }

    static let refusedRows: [HTTP2RequestRow] = [
        .fields("H3 a fragment", Wire.request([":path": "/x#f"]), ["refused 1 400"]),
        .fields("H4 a Host other than :authority", header("host", "b.test"), ["refused 1 400"]),
        .fields("H5 neither :authority nor Host", Wire.request([":authority": nil]), ["refused 1 400"]),
        .fields("userinfo in :authority", Wire.request([":authority": "u@a.test"]), ["refused 1 400"]),
        .fields("a list of hosts", Wire.request([":authority": "a, b"]), ["refused 1 400"]),
        .fields("a scheme that is not HTTP's", Wire.request([":scheme": "ftp"]), ["refused 1 400"]),
        .fields("an unknown expectation", header("expect", "200-ok"), ["refused 1 417"]),
        .fields(
            "H13 200 crumbs of a cookie",
            Wire.request(and: (0..<200).map { ("cookie", "c\($0)=1") }), ["refused 1 431"]),
        .frames(
            "H13 a header list of 64 KiB",
            Wire.headersInFrames(
                1, Wire.request(and: (0..<100).map { ("a\($0)", String(repeating: "b", count: 620)) })),
            ["refused 1 431"]),
    ]

    @Test(arguments: refusedRows) func whatIsNotServedIsToldWhy(_ row: HTTP2RequestRow) {
        let peer = Conversation.open(.server)
        #expect(peer.hear(row.frames) == row.events)
        var head = ResponseHead()
        head.status = 400
        peer.session.writeResponse(HTTP2StreamID(1), head, end: true, into: &peer.output)
        #expect(peer.sent() == ["HEADERS 1 end"])
        #expect(peer.session.openStreams == 0)
        #expect(peer.hear(Wire.headers(3, Wire.request())) == ["request 3 GET /x end"])
    }

    static let goodRows: [HTTP2RequestRow] = [
        .fields("GET", Wire.request(), ["request 1 GET /x end"]),
        .fields("a query", Wire.request([":path": "/x?a=b?c"]), ["request 1 GET /x?a=b?c end"]),
        .fields("OPTIONS *", Wire.request([":method": "OPTIONS", ":path": "*"]), ["request 1 OPTIONS * end"]),
        .fields("Host alone", Wire.request([":authority": nil], and: [("host", "a.test")]), ["request 1 GET /x end"]),
        .fields("Host in other letters", Wire.request(and: [("host", "A.TEST")]), ["request 1 GET /x end"]),
        .fields("TE: trailers", header("te", "trailers"), ["request 1 GET /x end"]),
        .fields("a method of its own", Wire.request([":method": "PURGE"]), ["request 1 PURGE /x end"]),
        .fields("a length of 0", header("content-length", "0"), ["request 1 GET /x end"]),
        .fields(
            "H9 CONNECT", Wire.request([":method": "CONNECT", ":path": nil, ":scheme": nil]), end: false,
            ["request 1 CONNECT a.test"]),
        .frames(
            "padding and priority",
            Wire.frame(
                1, Wire.endHeaders | Wire.endStream | Wire.padded | Wire.priority, 1,
                [3, 0, 0, 0, 0, 1] + Wire.block(Wire.request()) + [0, 0, 0]), ["request 1 GET /x end"]),
        .fields("190 headers", Wire.request(and: (0..<190).map { ("a\($0)", "b") }), ["request 1 GET /x end"]),
        .frames(
            "a body",
            Wire.headers(1, header("content-length", "5"), end: false) + Wire.data(1, "he")
                + Wire.data(1, "llo", end: true),
            ["request 1 GET /x", "data 1 he", "data 1 llo end"]),
        .frames(
            "a body without a length",
            Wire.headers(1, Wire.request(), end: false) + Wire.data(1, "hello") + Wire.data(1, "", end: true),
            ["request 1 GET /x", "data 1 hello", "end 1"]),
        .frames(
            "a padded body",
            Wire.headers(1, Wire.request(), end: false)
                + Wire.frame(0, Wire.padded | Wire.endStream, 1, [4] + Array("hello".utf8) + [0, 0, 0, 0]),
            ["request 1 GET /x", "data 1 hello end"]),
        .frames(
            "trailers",
            Wire.headers(1, Wire.request(), end: false) + Wire.data(1, "hello")
                + Wire.headers(1, [("content-digest", "x"), ("x-user", "root")]),
            ["request 1 GET /x", "data 1 hello", "end 1 Content-Digest=x"]),
    ]

    @Test(arguments: goodRows) func requestsAreServed(_ row: HTTP2RequestRow) {
        let peer = Conversation.open(.server)
        #expect(peer.hear(row.frames) == row.events)
        #expect(peer.sent() == [])
        #expect(peer.request.version == .http2)
        #expect(peer.request.hostString.lowercased() == "a.test")
    }

    static let bodyRows: [HTTP2RequestRow] = [
        .frames(
            "H7 longer than its length",
            Wire.headers(1, header("content-length", "2"), end: false) + Wire.data(1, "hello", end: true),
            ["request 1 GET /x", "reset 1 PROTOCOL_ERROR"]),
        .frames(
            "H7 shorter than its length",
            Wire.headers(1, header("content-length", "9"), end: false) + Wire.data(1, "hello", end: true),
            ["request 1 GET /x", "reset 1 PROTOCOL_ERROR"]),
        .frames(
            "H7 something for a length of 0",
            Wire.headers(1, header("content-length", "0"), end: false) + Wire.data(1, "hello", end: true),
            ["request 1 GET /x", "reset 1 PROTOCOL_ERROR"]),
        .frames(
            "H7 trailers too early",
            Wire.headers(1, header("content-length", "9"), end: false) + Wire.data(1, "hello")
                + Wire.headers(1, [("a", "b")]), ["request 1 GET /x", "data 1 hello", "reset 1 PROTOCOL_ERROR"]),
        .frames(
            "H8 a pseudo-header in trailers",
            Wire.headers(1, Wire.request(), end: false) + Wire.headers(1, [(":path", "/")]),
            ["request 1 GET /x", "reset 1 PROTOCOL_ERROR"]),
        .frames(
            "H8 a length in trailers",
            Wire.headers(1, Wire.request(), end: false) + Wire.headers(1, [("content-length", "5")]),
            ["request 1 GET /x", "reset 1 PROTOCOL_ERROR"]),
        .frames(
            "a second head", Wire.headers(1, Wire.request(), end: false) + Wire.headers(1, Wire.request(), end: false),
            ["request 1 GET /x", "reset 1 PROTOCOL_ERROR"]),
        .frames(
            "trailers that do not end",
            Wire.headers(1, Wire.request(), end: false) + Wire.headers(1, [("a", "b")], end: false),
            ["request 1 GET /x", "reset 1 PROTOCOL_ERROR"]),
    ]

    @Test(arguments: bodyRows) func brokenBodiesResetTheStream(_ row: HTTP2RequestRow) {
        let peer = Conversation.open(.server)
        #expect(peer.hear(row.frames) == row.events)
        #expect(peer.sent() == ["RST 1 PROTOCOL_ERROR"])
        #expect(peer.hear(Wire.headers(3, Wire.request())) == ["request 3 GET /x end"])
    }

    @Test func headsLookAsHTTP1WouldHaveThem() {
        let peer = Conversation.open(.server)
        peer.feed(
            Wire.headers(
                1,
                Wire.request(
                    [":path": "/a/b?c"],
                    and: [
                        ("cookie", "a=1"), ("cookie", "b=2"), ("x-user-id", "7"), ("sec-websocket-key", "k"),
                        ("cookie", "c=3"), ("x_y", "z"), ("expect", "100-continue"), ("content-length", "3"),
                    ]), end: false))
        #expect(
            peer.lines == [
                "Cookie: a=1; b=2; c=3", "X-User-Id: 7", "Sec-WebSocket-Key: k", "X_y: z", "Expect: 100-continue",
                "Content-Length: 3",
            ])
        #expect(peer.request.pathString == "/a/b")
        #expect(peer.request.queryString == "c")
        #expect(peer.request.headers.string(peer.request.target) == "/a/b?c")
        #expect(peer.request.hostString == "a.test")
        #expect(peer.request.framing == .length(3))
        #expect(peer.request.expectsContinue == true)
        #expect(peer.request.headers.hasAliases == true)
    }

    /// Crumbs with other fields between them cost no more than themselves.
    @Test func scatteredCrumbsAreJoinedOnce() {
        let peer = Conversation.open(.server)
        let crumb = String(repeating: "c", count: 500)
        let fields = (0..<90).flatMap { [("cookie", crumb), ("x-\($0)", "y")] }
        #expect(peer.hear(Wire.headersInFrames(1, Wire.request(and: fields))) == ["request 1 GET /x end"])
        #expect(peer.request.headers.count(of: .cookie) == 1)
        #expect(peer.request.headers.string(.cookie) == Array(repeating: crumb, count: 90).joined(separator: "; "))
        #expect(peer.request.headers.withArenas { $1.count } < 150_000)
    }

    @Test func neverIndexedFieldsAreRemembered() {
        let peer = Conversation.open(.server)
        peer.feed(Wire.frame(1, 5, 1, Wire.block(Wire.request()) + hex("10 0161 0162 00 0163 0164")))
        #expect(peer.request.headers.entries.map(\.isSensitive) == [true, false])
    }

    /// RFC 8441: a tunnel is asked for as an HTTP/1 client would.
    @Test func extendedConnectBecomesAnUpgrade() {
        var limits = HTTP2Limits()
        limits.allowsConnectProtocol = true
        let peer = Conversation.open(.server, limits)
        let fields = Wire.request(
            [":method": "CONNECT"], and: [(":protocol", "websocket"), ("sec-websocket-version", "13")])
        #expect(peer.hear(Wire.headers(1, fields, end: false)) == ["request 1 GET /x"])
        #expect(peer.request.wantsUpgrade == true)
        #expect(peer.request.framing == .none)
        #expect(peer.lines == ["Sec-WebSocket-Version: 13", "Upgrade: websocket"])
        var head = ResponseHead()
        head.status = 101
        head.headers.add(.upgrade, "websocket")
        head.headers.add(.secWebSocketAccept, "x")
        peer.session.writeResponse(HTTP2StreamID(1), head, end: false, into: &peer.output)
        let client = Conversation.open(.client)
        _ = client.session.openRequest(
            peer.request.plain(), to: .init(isSecure: true), end: false, into: &client.output)
        #expect(client.hear(Array(peer.output.readableBytesView)) == ["response 1 200"])
        #expect(client.responseLines == [])
        #expect(peer.hear(Wire.data(1, "hello")) == ["data 1 hello"])
    }
}

extension RequestHead {
    /// The same request, asking for no tunnel.
    fileprivate borrowing func plain() -> RequestHead {
        var head = copy()
        head.wantsUpgrade = false
        return head
    }
}
