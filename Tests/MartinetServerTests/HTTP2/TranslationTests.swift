import MartinetHTTP
import NIOCore
import Testing

@testable import MartinetServer

/// Nothing is smuggled where one version of HTTP becomes another, in either direction (rows H1 to H14 of the corpus of attacks).
@Suite struct TranslationTests {
    /// What a request must come to.
    enum Outcome: Sendable, Equatable {
        case reset(HTTP2ErrorCode)
        case goAway(HTTP2ErrorCode)
        case status(String)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let label: String
        let frames: [UInt8]
        let outcome: Outcome
        var testDescription: String { label }

        init(
            _ label: String, _ changes: [String: String?] = [:], and fields: HTTP2Frames.Fields = [],
            _ outcome: Outcome = .reset(.protocolError)
        ) {
            self.label = label
            self.outcome = outcome
            frames = HTTP2Frames.headers(1, HTTP2Frames.request(changes, and: fields))
        }

        init(_ label: String, frames: [UInt8], _ outcome: Outcome = .reset(.protocolError)) {
            self.label = label
            self.frames = frames
            self.outcome = outcome
        }

        /// With a body.
        static func post(_ label: String, _ fields: HTTP2Frames.Fields, _ body: [UInt8]) -> Row {
            Row(
                label,
                frames: HTTP2Frames.headers(1, HTTP2Frames.request([":method": "POST"], and: fields), end: false) + body
            )
        }
    }

    private static let large: [UInt8] = {
        let fields = HTTP2Frames.request(and: (0..<17).map { ("x-\($0)", String(repeating: "y", count: 3900)) })
        let block = HTTP2Frames.block(fields)
        return stride(from: 0, to: block.count, by: 16384).flatMap { start in
            let end = min(start + 16384, block.count)
            let flags: UInt8 = (start == 0 ? 1 : 0) | (end == block.count ? 4 : 0)
            return HTTP2Frames.frame(start == 0 ? 1 : 9, flags, 1, Array(block[start..<end]))
        }
    }()

    /// Nothing of these may reach a server, of whatever version.
    static let smuggled: [Row] = [
        Row("H1 line feed in a value", and: [("x-a", "b\nc: d")]),
        Row("H1 carriage return in a value", and: [("x-a", "b\rc")]),
        Row("H1 a request in a value", and: [("x-a", "b\r\n\r\nGET /admin HTTP/1.1\r\nhost: a.test")]),
        Row("H1 null in a value", and: [("x-a", "b\0c")]),
        Row("H1 blank before a value", and: [("x-a", " b")]),
        Row("H1 line break in a name", and: [("x-a\r\nx-b", "c")]),
        Row("H1 colon in a name", and: [("x-a: b", "c")]),
        Row("H1 space in a name", and: [("x a", "b")]),
        Row("H1 capitals in a name", and: [("X-A", "b")]),
        Row("H1 empty name", and: [("", "b")]),
        Row("H1 name that is not ASCII", and: [("x-\u{e9}", "b")]),
        Row("H2 line break in :path", [":path": "/x HTTP/1.1\r\nx-a: b"]),
        Row("H2 line break in :authority", [":authority": "a.test\r\nx-a: b"]),
        Row("H2 line break in :scheme", [":scheme": "http\r\nx-a: b"]),
        Row("H2 line break in :method", [":method": "GET\r\nx-a: b"]),
        Row("H2 a request line in :method", [":method": "GET /admin HTTP/1.1"]),
        Row("H3 :path without slash", [":path": "hello"]),
        Row("H3 empty :path", [":path": ""]),
        Row("H3 space in :path", [":path": "/x y"]),
        Row("H3 URL as :path", [":path": "http://b.test/x"]),
        Row("H3 fragment", [":path": "/x#f"], .status("400")),
        Row("H4 Host differs", and: [("host", "b.test")], .status("400")),
        Row("H4 Host twice", and: [("host", "a.test"), ("host", "a.test")]),
        Row("H5 no host at all", [":authority": nil], .status("400")),
        Row("H5 :authority with user information", [":authority": "x@a.test"], .status("400")),
        Row("H5 :authority with a path", [":authority": "a.test/x"], .status("400")),
        Row("H6 Transfer-Encoding", and: [("transfer-encoding", "chunked")]),
        Row("H6 Connection", and: [("connection", "close")]),
        Row("H6 Upgrade", and: [("upgrade", "websocket")]),
        Row("H6 Proxy-Connection", and: [("proxy-connection", "keep-alive")]),
        Row("H6 Keep-Alive", and: [("keep-alive", "timeout=5")]),
        Row("H6 TE", and: [("te", "gzip")]),
        Row("H6 a twin of Transfer-Encoding", and: [("transfer_encoding", "chunked")]),
        Row("H6 a twin of Content-Length", and: [("content.length", "5")]),
        .post(
            "H7 two lengths", [("content-length", "5"), ("content-length", "6")],
            HTTP2Frames.data(1, "hello", end: true)),
        .post("H7 length with a sign", [("content-length", "+5")], HTTP2Frames.data(1, "hello", end: true)),
        Row("H7 length without body", and: [("content-length", "5")]),
        Row("H8 :path twice", and: []).with(HTTP2Frames.headers(1, [(":path", "/a")] + HTTP2Frames.request())),
        Row("H8 pseudo-header behind a header", [":path": nil], and: [("x-a", "b"), (":path", "/")]),
        Row("H8 unknown pseudo-header", and: []).with(HTTP2Frames.headers(1, [(":x", "y")] + HTTP2Frames.request())),
        Row("H8 no :path", [":path": nil]),
        Row("H8 no :method", [":method": nil]),
        Row("H8 no :scheme", [":scheme": nil]),
        Row("H8 :status in a request", and: []).with(
            HTTP2Frames.headers(1, [(":status", "200")] + HTTP2Frames.request())),
        Row(
            "H9 CONNECT", frames: HTTP2Frames.headers(1, [(":method", "CONNECT"), (":authority", "a.test:1")]),
            .status("501")),
        Row("H9 CONNECT with :path", [":method": "CONNECT"]),
        Row(
            "H9 extended CONNECT",
            frames: HTTP2Frames.headers(
                1, [(":protocol", "websocket")] + HTTP2Frames.request([":method": "CONNECT"]), end: false)),
        Row(
            "H10 HEADERS on an even stream", frames: HTTP2Frames.headers(2, HTTP2Frames.request()),
            .goAway(.protocolError)),
        Row("H10 DATA on an idle stream", frames: HTTP2Frames.data(1, "x"), .goAway(.protocolError)),
        Row("H10 connection window of 0", frames: HTTP2Frames.windowUpdate(0, 0), .goAway(.protocolError)),
        Row(
            "H10 connection window too large", frames: HTTP2Frames.windowUpdate(0, 0x7FFF_FFFF),
            .goAway(.flowControlError)),
        Row("H10 short PRIORITY", frames: HTTP2Frames.frame(2, 0, 1, [0, 0, 0, 0]), .goAway(.frameSizeError)),
        Row(
            "H11 CONTINUATION without end",
            frames: HTTP2Frames.frame(1, 1, 1, HTTP2Frames.block(HTTP2Frames.request()))
                + (0..<64).flatMap { _ in
                    HTTP2Frames.frame(9, 0, 1, HTTP2Frames.block([("x", String(repeating: "y", count: 4000))]))
                },
            .goAway(.enhanceYourCalm)),
        Row(
            "H12 empty CONTINUATION",
            frames: HTTP2Frames.frame(1, 1, 1, HTTP2Frames.block(HTTP2Frames.request()))
                + (0..<64).flatMap { _ in HTTP2Frames.frame(9, 0, 1) },
            .goAway(.enhanceYourCalm)),
        Row("H13 64 KiB of headers", frames: large, .status("431")),
        Row("H13 more crumbs than fields allowed", and: (0..<300).map { ("cookie", "a=\($0)") }, .status("431")),
    ]

    private static func isThere(_ received: HTTP2FrameClient.Received) -> Bool {
        received.sections[1] != nil || received.resets[1] != nil || received.goAway != nil
    }

    private func check(_ row: Row, _ received: HTTP2FrameClient.Received) {
        switch row.outcome {
        case .reset(let code):
            #expect(received.resets[1] == code)
            #expect(received.sections.isEmpty)
        case .goAway(let code):
            #expect(received.goAway == code)
            #expect(received.sections.isEmpty)
        case .status(let status):
            #expect(received.status(1) == status)
        }
    }

    /// Sends the frames of a row, and checks what comes back.
    private func expectOutcome(of row: Row, by proxy: LiveProxy) async throws {
        let client = try await HTTP2FrameClient.connect(port: proxy.port)
        try await client.send(row.frames)
        check(row, try await client.wait { Self.isThere($0) })
        try await client.close()
    }

    /// A server that speaks HTTP/2 and counts its requests.
    private func withCountingServer(_ body: (LiveProxy, ConnectionCounter) async throws -> Void) async throws {
        let requests = ConnectionCounter()
        try await ScriptedHTTP2Server.proxied { turn, event in
            guard case .request(let id, _) = event else { return }
            _ = requests.next()
            turn.answer(id)
        } _: { proxy, _ in
            try await body(proxy, requests)
        }
    }

    @Test(arguments: smuggled) func nothingIsSmuggledToAnHTTP1Server(_ row: Row) async throws {
        let requests = ConnectionCounter()
        let origin = ScriptedOrigin {
            return {
                _ = requests.next()
                $0.clear()
                return [.text("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")]
            }
        }
        try await LiveProxy.with(origin: origin) { proxy in
            try await expectOutcome(of: row, by: proxy)
            #expect(requests.value == 0)
        }
    }

    @Test(arguments: smuggled) func nothingIsSmuggledToAnHTTP2Server(_ row: Row) async throws {
        try await withCountingServer { proxy, requests in
            try await expectOutcome(of: row, by: proxy)
            #expect(requests.value == 0)
        }
    }

    /// What the body does wrong shows when the head has gone on already: the server's connection is given up, never shared.
    struct Body: Sendable, CustomTestStringConvertible {
        let label: String
        let fields: HTTP2Frames.Fields
        let frames: [UInt8]
        var testDescription: String { label }
    }

    static let bodies: [Body] = [
        Body(
            label: "H7 longer than its length", fields: [("content-length", "2")],
            frames: HTTP2Frames.data(1, "hello", end: true)),
        Body(
            label: "H7 shorter than its length", fields: [("content-length", "9")],
            frames: HTTP2Frames.data(1, "hello", end: true)),
        Body(
            label: "H7 a body behind length 0", fields: [("content-length", "0")],
            frames: HTTP2Frames.data(1, "hello", end: true)),
        Body(
            label: "H8 pseudo-header in trailers", fields: [],
            frames: HTTP2Frames.data(1, "hello") + HTTP2Frames.headers(1, [(":path", "/x")])),
        Body(
            label: "H8 length in trailers", fields: [],
            frames: HTTP2Frames.data(1, "hello") + HTTP2Frames.headers(1, [("content-length", "5")])),
        Body(
            label: "H8 line break in trailers", fields: [],
            frames: HTTP2Frames.data(1, "hello") + HTTP2Frames.headers(1, [("digest", "a\r\nb: c")])),
        Body(
            label: "H8 trailers that do not end", fields: [],
            frames: HTTP2Frames.data(1, "hello") + HTTP2Frames.headers(1, [("digest", "a")], end: false)),
    ]

    @Test(arguments: bodies) func brokenBodiesEndTheServersConnection(_ body: Body) async throws {
        let wire = Collected<String>()
        let origin = ScriptedOrigin {
            return {
                let text = $0.readString(length: $0.readableBytes) ?? ""
                wire.append(text)
                return text.contains("GET /after ") ? [.text("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")] : []
            }
        }
        try await LiveProxy.with(origin: origin) { proxy in
            let client = try await HTTP2FrameClient.connect(port: proxy.port)
            let head = HTTP2Frames.request([":method": "POST"], and: body.fields)
            try await client.send(HTTP2Frames.headers(1, head, end: false) + body.frames)
            let broken = try await client.wait { $0.resets[1] != nil }
            #expect(broken.resets[1] == .protocolError)
            try await client.send(HTTP2Frames.headers(3, HTTP2Frames.request([":path": "/after"])))
            let received = try await client.wait { $0.ended.contains(3) }
            #expect(received.status(3) == "200")
            #expect(received.sections[1] == nil)
            // The later request came on a connection without remains of the first.
            let after = wire.all.first { $0.contains("GET /after ") }
            #expect(after?.hasPrefix("GET /after ") == true)
            try await client.close()
        }
    }

    // MARK: HTTP/1 to HTTP/2

    struct Request: Sendable, CustomTestStringConvertible {
        let label: String
        let text: String
        /// What the server must get, besides what the proxy adds.
        let fields: [String]
        /// What must not be there, in any spelling.
        let absent: [String]
        var testDescription: String { label }
    }

    static let requests: [Request] = [
        Request(
            label: "names are in lower case", text: "GET /x HTTP/1.1\r\nHost: a.test\r\nX-UPPER: V\r\n\r\n",
            fields: ["x-upper: V"], absent: ["host"]),
        Request(
            label: "H6 what concerns the connection stays behind",
            text:
                "GET /x HTTP/1.1\r\nHost: a.test\r\nConnection: keep-alive, X-Own\r\nX-Own: 1\r\nKeep-Alive: timeout=5\r\n"
                + "Proxy-Connection: close\r\nTE: gzip\r\n\r\n",
            fields: [], absent: ["connection", "x-own", "keep-alive", "proxy-connection", "te"]),
        Request(
            label: "H6 an offer of h2c stays behind",
            text:
                "GET /x HTTP/1.1\r\nHost: a.test\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n",
            fields: [], absent: ["upgrade", "http2-settings", "connection"]),
        Request(
            label: "H7 chunks become DATA",
            text: "POST /x HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            fields: [], absent: ["transfer-encoding", "content-length"]),
        Request(
            label: "H7 a length stays one",
            text: "POST /x HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\n\r\nhello",
            fields: ["content-length: 5"], absent: ["transfer-encoding"]),
        Request(
            label: "H2 blanks round a value are gone", text: "GET /x HTTP/1.1\r\nHost: a.test\r\nX-A: \t b \t\r\n\r\n",
            fields: ["x-a: b"], absent: []),
        Request(
            label: "H8 a pseudo-header's name is none", text: "GET /x HTTP/1.1\r\nHost: a.test\r\nX: 1\r\n\r\n",
            fields: [":path: /x", ":authority: a.test", ":method: GET"], absent: ["host"]),
    ]

    /// The server's answer lists what it got, field by field.
    @Test(arguments: requests) func http1RequestsBecomeHTTP2(_ request: Request) async throws {
        try await ScriptedHTTP2Server.proxied { turn, event in
            guard case .request(let id, _) = event else { return }
            let head = turn.takeRequest()
            var lines = [
                ":method: \(head.methodString)", ":path: \(head.pathString)", ":authority: \(head.hostString)",
            ]
            for entry in head.headers.entries {
                lines.append(
                    head.headers.string(entry.name).lowercased() + ": " + head.headers.string(entry.value))
            }
            turn.answer(id, body: lines.map { "|\($0)|" }.joined() + "end")
        } _: { proxy, _ in
            let client = try await proxy.connect()
            try await client.send(request.text)
            let answer = try await client.expect("|end").lowercased()
            for field in request.fields { #expect(answer.contains("|\(field.lowercased())|")) }
            for name in request.absent { #expect(!answer.contains("|\(name.lowercased()): ")) }
            try await client.close()
        }
    }

    /// What HTTP/1 cannot say is refused before a stream is opened.
    @Test(arguments: [
        "GET /x HTTP/1.1\r\nHost: a.test\r\n:path: /y\r\n\r\n",
        "GET /x HTTP/1.1\r\nHost: a.test\r\nX-A: b\rc\r\n\r\n",
        "GET /x HTTP/1.1\r\nHost: a.test\r\nX-A: b\0c\r\n\r\n",
        "GET /x HTTP/1.1\r\nHost: a.test\r\n X-A: b\r\n\r\n",
        "POST /x HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /x HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        "GET /x y HTTP/1.1\r\nHost: a.test\r\n\r\n",
        "CONNECT a.test:443 HTTP/1.1\r\nHost: a.test:443\r\n\r\n",
    ])
    func http1NonsenseOpensNoStream(_ text: String) async throws {
        try await withCountingServer { proxy, requests in
            let client = try await proxy.connect()
            try await client.send(text)
            let answer = try await client.all()
            #expect(answer.hasPrefix("HTTP/1.1 4") || answer.hasPrefix("HTTP/1.1 501"))
            #expect(requests.value == 0)
        }
    }

    // MARK: Answers of HTTP/2 servers

    static let answers: [Row] = [
        Row("R5 line break in a value", frames: HTTP2Frames.headers(1, [(":status", "200"), ("x-a", "b\r\nc: d")])),
        Row("R5 line feed in a value", frames: HTTP2Frames.headers(1, [(":status", "200"), ("x-a", "b\nc: d")])),
        Row("R5 null in a value", frames: HTTP2Frames.headers(1, [(":status", "200"), ("x-a", "b\0")])),
        Row("capitals", frames: HTTP2Frames.headers(1, [(":status", "200"), ("X-A", "b")])),
        Row(
            "Transfer-Encoding", frames: HTTP2Frames.headers(1, [(":status", "200"), ("transfer-encoding", "chunked")])),
        Row("Connection", frames: HTTP2Frames.headers(1, [(":status", "200"), ("connection", "close")])),
        Row("no status", frames: HTTP2Frames.headers(1, [("x-a", "b")])),
        Row("a status that is none", frames: HTTP2Frames.headers(1, [(":status", "20")])),
        Row("a pseudo-header of requests", frames: HTTP2Frames.headers(1, [(":status", "200"), (":path", "/")])),
        Row("101", frames: HTTP2Frames.headers(1, [(":status", "101")])),
        Row(
            "two lengths",
            frames: HTTP2Frames.headers(1, [(":status", "200"), ("content-length", "1"), ("content-length", "2")])),
        Row(
            "a body shorter than its length",
            frames: HTTP2Frames.headers(1, [(":status", "200"), ("content-length", "5")])),
    ]

    @Test(arguments: answers) func malformedAnswersAre500(_ row: Row) async throws {
        try await ScriptedHTTP2Server.proxied { turn, event in
            guard case .request = event else { return }
            _ = turn.takeRequest()
            turn.write { _, out in _ = out.writeBytes(row.frames) }
        } _: { proxy, _ in
            let old = try await proxy.connect()
            try await old.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n")
            let text = try await old.expect("Internal Server Error", times: 2)
            #expect(text.hasPrefix("HTTP/1.1 500 "))
            try await old.close()
        }
    }
}

extension TranslationTests.Row {
    /// The same with other frames.
    fileprivate func with(_ frames: [UInt8]) -> Self { Self(label, frames: frames, outcome) }
}
