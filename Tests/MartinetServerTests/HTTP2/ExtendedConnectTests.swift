import Crypto
import MartinetHTTP
import NIOCore
import Testing

@testable import MartinetServer

/// WebSockets over HTTP/2 (RFC 8441).
@Suite struct ExtendedConnectTests {
    private static let chat: HTTP2Frames.Fields = HTTP2Frames.request(
        [":method": "CONNECT", ":path": "/chat"],
        and: [("sec-websocket-version", "13"), ("sec-websocket-protocol", "chat"), ("sec-websocket-key", "mine")])

    private static func tunnel(_ name: String = "websocket", _ fields: HTTP2Frames.Fields = chat) -> HTTP2Frames.Fields
    {
        [(":protocol", name)] + fields
    }

    private static func allow(_ settings: inout EntryPointSettings) { settings.http2.allowsConnectProtocol = true }

    private static func key(_ head: String) -> String {
        head.split(separator: "\r\n").first { $0.hasPrefix("Sec-WebSocket-Key: ") }.map { String($0.dropFirst(19)) }
            ?? ""
    }

    /// Switches as RFC 6455 has it, says what it was asked, and echoes.
    private static let echo = ScriptedOrigin {
        var isOpen = false
        return { received in
            guard !isOpen else {
                let text = received.readString(length: received.readableBytes) ?? ""
                return text.isEmpty ? [] : [.text(text)]
            }
            guard let head = received.takeHead() else { return [] }
            isOpen = true
            let digest = Insecure.SHA1.hash(data: Array((key(head) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8))
            var proof = ""
            let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
            // Twenty bytes: six whole groups and one of two bytes.
            let bytes = Array(digest) + [0]
            for group in stride(from: 0, to: 21, by: 3) {
                let word = bytes[group..<group + 3].reduce(0) { $0 << 8 | Int($1) }
                for shift in [18, 12, 6, 0] { proof.append(alphabet[word >> shift & 63]) }
            }
            proof = String(proof.dropLast()) + "="
            return [
                .text(
                    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\n"
                        + "Sec-WebSocket-Accept: \(proof)\r\nSec-WebSocket-Protocol: chat\r\n\r\n\(head)")
            ]
        }
    }

    @Test func aTunnelReachesAnHTTP1Server() async throws {
        try await LiveProxy.with(origin: Self.echo, settings: Self.allow) { proxy in
            let client = try await HTTP2FrameClient.connect(port: proxy.port)
            try await client.send(HTTP2Frames.headers(1, Self.tunnel(), end: false))
            let opened = try await client.wait { $0.texts[1]?.hasSuffix("\r\n\r\n") ?? false }
            #expect(opened.settings[8] == 1)
            #expect(opened.status(1) == "200")
            let lines = opened.sections[1]?.first ?? []
            #expect(lines.contains("sec-websocket-protocol: chat"))
            #expect(!lines.contains { $0.hasPrefix("sec-websocket-accept") || $0.hasPrefix("upgrade") })
            let head = opened.texts[1] ?? ""
            #expect(head.hasPrefix("GET /chat HTTP/1.1\r\nHost: a.test\r\n"))
            #expect(head.contains("\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"))
            #expect(head.contains("\r\nSec-WebSocket-Version: 13\r\n"))
            #expect(head.contains("\r\nX-Forwarded-Proto: ws\r\n"))
            #expect(Self.key(head).utf8.count == 24)
            #expect(!head.contains(":protocol") && !head.contains("mine"))
            try await client.send(HTTP2Frames.data(1, "hello"))
            try await client.wait { $0.texts[1]?.hasSuffix("hello") ?? false }
            try await client.send(HTTP2Frames.data(1, "bye", end: true))
            let ended = try await client.wait { $0.ended.contains(1) }
            #expect(ended.texts[1]?.hasSuffix("hellobye") == true)
            #expect(ended.resets.isEmpty && ended.goAway == nil)
            try await client.close()
        }
    }

    @Test func eachTunnelHasAKeyOfItsOwn() async throws {
        try await LiveProxy.with(origin: Self.echo, settings: Self.allow) { proxy in
            let client = try await HTTP2FrameClient.connect(port: proxy.port)
            try await client.send(
                HTTP2Frames.headers(1, Self.tunnel(), end: false) + HTTP2Frames.headers(3, Self.tunnel(), end: false))
            let opened = try await client.wait { $0.texts[1] != nil && $0.texts[3] != nil }
            #expect(Self.key(opened.texts[1] ?? "") != Self.key(opened.texts[3] ?? ""))
            try await client.close()
        }
    }

    struct Answer: Sendable, CustomTestStringConvertible {
        let text: String
        let status: String
        var testDescription: String { String(text.prefix { $0 != "\r\n" }) }
    }

    @Test(arguments: [
        Answer(
            text: "HTTP/1.1 101 S\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: no\r\n\r\n",
            status: "502"),
        Answer(text: "HTTP/1.1 101 S\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n", status: "502"),
        Answer(text: "HTTP/1.1 101 S\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n", status: "502"),
        // It would look like an open tunnel.
        Answer(text: "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", status: "502"),
        Answer(text: "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno", status: "403"),
        Answer(text: "HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n", status: "302"),
    ])
    func whatOpensNoTunnelShows(_ answer: Answer) async throws {
        try await LiveProxy.with(origin: .answering { _ in answer.text }, settings: Self.allow) { proxy in
            let client = try await HTTP2FrameClient.connect(port: proxy.port)
            try await client.send(HTTP2Frames.headers(1, Self.tunnel(), end: false))
            let received = try await client.wait { $0.ended.contains(1) || $0.resets[1] != nil }
            #expect(received.status(1) == answer.status)
            #expect(received.goAway == nil)
            try await client.close()
        }
    }

    @Test(arguments: ["websocket", "other"]) func aTunnelIsRefusedUnlessItIsAllowed(_ name: String) async throws {
        try await LiveProxy.with(origin: Self.echo) { proxy in
            let client = try await HTTP2FrameClient.connect(port: proxy.port)
            try await client.send(HTTP2Frames.headers(1, Self.tunnel(name), end: false))
            let received = try await client.wait { $0.resets[1] != nil }
            #expect(received.resets[1] == .protocolError)
            #expect(received.settings[8] == nil)
            try await client.close()
        }
    }

    @Test func http2WithinHTTP2IsRefused() async throws {
        try await LiveProxy.with(origin: Self.echo, settings: Self.allow) { proxy in
            let client = try await HTTP2FrameClient.connect(port: proxy.port)
            try await client.send(HTTP2Frames.headers(1, Self.tunnel("h2c"), end: false))
            let received = try await client.wait { $0.resets[1] != nil }
            #expect(received.resets[1] == .protocolError)
            try await client.close()
        }
    }

    /// CVE-2026-71324: what a client sends behind CONNECT must never meet a server's connection.
    @Test(arguments: [true, false]) func connectIsRefused(_ isAllowed: Bool) async throws {
        let settings: (inout EntryPointSettings) -> Void = { $0.http2.allowsConnectProtocol = isAllowed }
        try await LiveProxy.with(origin: Self.echo, settings: settings) { proxy in
            let client = try await HTTP2FrameClient.connect(port: proxy.port)
            let connect = [(":method", "CONNECT"), (":authority", "a.test:443")]
            try await client.send(
                HTTP2Frames.headers(1, connect, end: false)
                    + HTTP2Frames.data(1, "GET /smuggled HTTP/1.1\r\nHost: a.test\r\n\r\n", end: true))
            let received = try await client.wait { $0.ended.contains(1) }
            #expect(received.status(1) == "501")
            #expect(received.texts[1] ?? "" == "")
            try await client.close()
        }
    }

    /// Of servers that offer extended CONNECT a stream is enough; others get HTTP/1.
    @Test(arguments: [false, true]) func aTunnelReachesAnHTTP2Server(_ isUsed: Bool) async throws {
        var limits = HTTP2Limits()
        limits.allowsConnectProtocol = true
        let server = try await ScriptedHTTP2Server.start(limits: limits) { turn, event in
            switch event {
            case .request(let id, _):
                let head = turn.takeRequest()
                guard head.wantsUpgrade else { return turn.answer(id, body: "plain") }
                var answer = ResponseHead()
                answer.status = 101
                let seen =
                    "\(head.pathString) \(head.headers.string(.upgrade) ?? "") "
                    + "\(head.headers.contains(.secWebSocketKey))"
                turn.write { session, out in
                    session.writeResponse(id, answer, end: false, into: &out)
                    var text = ByteBuffer(string: seen)
                    _ = session.writeData(id, &text, end: false, into: &out)
                }
            case .data(let id, var bytes, let end):
                turn.write { session, out in _ = session.writeData(id, &bytes, end: end, into: &out) }
            case .end(let id, _):
                turn.write { session, out in session.writeEnd(id, into: &out) }
            default: break
            }
        }
        try await LiveProxy.with(address: "h2c://127.0.0.1:\(server.port)", settings: Self.allow) { proxy in
            let client = try await HTTP2FrameClient.connect(port: proxy.port)
            if isUsed {
                try await client.send(HTTP2Frames.headers(1, HTTP2Frames.request()))
                try await client.wait { $0.ended.contains(1) }
            }
            try await client.send(HTTP2Frames.headers(3, Self.tunnel(), end: false))
            let opened = try await client.wait { $0.texts[3] != nil }
            #expect(opened.status(3) == "200")
            #expect(opened.texts[3] == "/chat websocket false")
            try await client.send(HTTP2Frames.data(3, "ping", end: true))
            let ended = try await client.wait { $0.ended.contains(3) }
            #expect(ended.texts[3] == "/chat websocket falseping")
            #expect(server.connections == 1)
            try await client.close()
        }
        try await server.stop()
    }
}
