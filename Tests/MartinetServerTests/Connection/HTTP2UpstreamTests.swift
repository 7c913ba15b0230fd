import MartinetHTTP
import NIOCore
import NIOSSL
import Synchronization
import Testing

@testable import MartinetServer

/// Requests through a proxy to a server that speaks HTTP/2.
@Suite struct HTTP2UpstreamTests {
    private func tls(_ protocols: [String]) throws -> NIOSSLContext {
        let pair = try TestAuthority().issue(["backend.test"])
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(pair.certificate.utf8)).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(pair.key.utf8), format: .pem)))
        configuration.applicationProtocols = protocols
        return try NIOSSLContext(configuration: configuration)
    }

    private func get(_ path: String = "/", _ lines: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: a.test\r\n\(lines)\r\n"
    }

    @Test func sendsWhatAnHTTP1ServerWouldGet() async throws {
        try await ScriptedHTTP2Server.proxied { turn, event in
            guard case .request(let id, let end) = event else { return }
            let head = turn.takeRequest()
            let te = head.headers.first(.te).map { head.headers.string($0) } ?? "-"
            let by = head.headers.first(.xForwardedFor).map { head.headers.string($0) } ?? "-"
            let isClean = !head.headers.contains(.connection) && !head.headers.contains(name: "x-own")
            turn.answer(id, body: "\(head.pathString) \(head.hostString) \(te) \(by) \(end) \(isClean)")
        } _: { proxy, _ in
            let client = try await proxy.connect()
            try await client.send(get("/a", "TE: trailers\r\nConnection: TE, X-Own\r\nX-Own: 1\r\n"))
            try await client.expect("/a a.test trailers 127.0.0.1 true true")
            try await client.expect("200 OK\r\n")
        }
    }

    @Test func sharesOneConnection() async throws {
        let held = HeldStreams()
        try await ScriptedHTTP2Server.proxied { turn, event in
            guard case .request(let id, _) = event else { return }
            // None is answered before all are there.
            for id in held.add(id, releaseAt: 8) { turn.answer(id, body: "all here") }
        } _: { proxy, server in
            let clients = try await proxy.connect(8, sending: get())
            for client in clients { try await client.expect("all here") }
            #expect(server.connections == 1)
        }
    }

    /// Four come before the protocol is known, the last one after.
    @Test func sharesOneConnectionWhoseProtocolTLSDecides() async throws {
        let held = HeldStreams()
        try await ScriptedHTTP2Server.proxied(tls: tls(["h2", "http/1.1"])) { turn, event in
            guard case .request(let id, _) = event else { return }
            for id in held.add(id, releaseAt: 4) { turn.answer(id, body: "all here") }
        } _: { proxy, server in
            let clients = try await proxy.connect(4, sending: get())
            for client in clients { try await client.expect("all here") }
            let last = try await proxy.connect()
            try await last.send(get())
            try await last.expect("all here")
            #expect(server.connections == 1)
        }
    }

    @Test func speaksHTTP1WhereTLSDecidesForIt() async throws {
        try await LiveProxy.with(origin: .ok("one"), scheme: "https", tls: tls(["http/1.1"])) { proxy in
            let clients = try await proxy.connect(4, sending: get())
            for client in clients { try await client.expect("\r\n\r\none") }
        }
    }

    /// HTTP/2 has no word for them that every server knows.
    @Test func upgradesThroughHTTP1() async throws {
        let answer = "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n"
        try await LiveProxy.with(origin: .answering { _ in answer }, scheme: "h2c") { proxy in
            let client = try await proxy.connect()
            try await client.send(get("/", "Connection: Upgrade\r\nUpgrade: echo\r\n"))
            try await client.expect("101 Switching Protocols")
            // A tunnel would hold up the end of the proxy for as long as its grace lasts.
            try await client.close()
        }
    }

    @Test func makesAnotherConnectionWhenTheServerAllowsNoMoreStreams() async throws {
        let held = HeldStreams()
        var limits = HTTP2Limits()
        limits.maxConcurrentStreams = 2
        try await ScriptedHTTP2Server.proxied(limits: limits) { turn, event in
            guard case .request(let id, _) = event else { return }
            if held.add(id, releaseAt: 5).isEmpty { return }
            // The others stay unanswered; it is the fifth that shows it was not kept waiting.
            turn.answer(id, body: "fifth")
        } _: { proxy, server in
            let clients = try await proxy.connect(5, sending: get()) { number, _ in try await held.wait(for: number) }
            try await clients[4].expect("fifth")
            #expect(server.connections == 3)
            for client in clients { try await client.close() }
        }
    }

    @Test func sendsElsewhereWhatAServerThatGoesAwayDidNotTake() async throws {
        try await ScriptedHTTP2Server.proxied { turn, event in
            guard case .request(let id, _) = event else { return }
            guard turn.connection == 0 else { return turn.answer(id, body: "on \(turn.connection)") }
            // Names stream 0 as the last one it served: the request was not processed, though it is a POST.
            turn.write { _, out in
                out.writeBytes([0, 0, 8, 7, 0, 0, 0, 0, 0] + Array(repeating: 0, count: 8) as [UInt8])
            }
            turn.close()
        } _: { proxy, server in
            let client = try await proxy.connect()
            try await client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 0\r\n\r\n")
            try await client.expect("on 1")
            #expect(server.connections == 2)
        }
    }

    @Test func sendsARefusedStreamAgain() async throws {
        let held = HeldStreams()
        try await ScriptedHTTP2Server.proxied { turn, event in
            guard case .request(let id, _) = event else { return }
            if held.add(id, releaseAt: 2).isEmpty {
                turn.write { session, out in session.reset(id, .refusedStream, into: &out) }
            } else {
                turn.answer(id, body: "second try")
            }
        } _: { proxy, _ in
            let client = try await proxy.connect()
            try await client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 0\r\n\r\n")
            try await client.expect("second try")
        }
    }

    /// Two requests a connection, then GOAWAY behind the second answer.
    @Test func losesNothingToAServerThatGoesAwayAgainAndAgain() async throws {
        try await ScriptedHTTP2Server.proxied { turn, event in
            guard case .request(let id, _) = event else { return }
            turn.answer(id, body: "on \(turn.connection)")
            guard id.number == 3 else { return }
            turn.write { session, out in
                session.beginShutdown(into: &out)
                session.finishShutdown(into: &out)
            }
        } _: { proxy, server in
            let client = try await proxy.connect()
            for number in 1...20 {
                try await client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 2\r\n\r\nhi")
                try await client.expect("\r\non ", times: number)
            }
            #expect(server.connections > 1)
        }
    }

    @Test func finishesAnswersOfAServerThatGoesAway() async throws {
        try await ScriptedHTTP2Server.proxied { turn, event in
            switch event {
            case .request(let id, _):
                let head = turn.takeRequest()
                if head.pathString == "/first" {
                    turn.write { session, out in session.beginShutdown(into: &out) }
                }
                turn.answer(id, body: "\(head.pathString) on \(turn.connection)")
            default: break
            }
        } _: { proxy, server in
            let client = try await proxy.connect()
            try await client.send(get("/first"))
            try await client.expect("/first on 0")
            try await client.send(get("/second"))
            try await client.expect("/second on 1")
            #expect(server.connections == 2)
        }
    }

    @Test(arguments: [HTTP2ErrorCode.internalError, .enhanceYourCalm, .noError])
    func answers500ToAReset(_ code: HTTP2ErrorCode) async throws {
        try await ScriptedHTTP2Server.proxied { turn, event in
            guard case .request(let id, _) = event else { return }
            if turn.takeRequest().pathString == "/fine" { return turn.answer(id, body: "fine") }
            turn.write { session, out in session.reset(id, code, into: &out) }
        } _: { proxy, server in
            let client = try await proxy.connect()
            // A reset is no sign of a connection that died unnoticed after it had served.
            try await client.send(get("/fine"))
            try await client.expect("fine\r\n")
            try await client.send(get())
            try await client.expect("HTTP/1.1 500 Internal Server Error")
            try await client.send(get())
            try await client.expect("HTTP/1.1 500 Internal Server Error", times: 2)
            #expect(server.connections == 1)
        }
    }

    @Test func answers500WhenTheServerSpeaksAnotherProtocol() async throws {
        let origin = ScriptedOrigin {
            { bytes in bytes.readableBytes > 0 ? [.text("HTTP/1.1 400 Bad Request\r\n\r\n"), .close] : [] }
        }
        try await LiveProxy.with(origin: origin, scheme: "h2c") { proxy in
            let client = try await proxy.connect()
            try await client.send(get())
            try await client.expect("HTTP/1.1 500 Internal Server Error")
        }
    }

    @Test func passesBodiesAndTrailersBothWays() async throws {
        let received = Mutex(0)
        try await ScriptedHTTP2Server.proxied { turn, event in
            switch event {
            case .data(_, let bytes, _): received.withLock { $0 += bytes.readableBytes }
            case .end(let id, let trailers):
                var block = HeaderBlock()
                block.add(
                    name: "x-back", value: trailers?.fields.contains(name: "repr-digest") == true ? "seen" : "none")
                turn.answer(id, body: "\(received.withLock { $0 }) bytes", trailers: TrailerSection(block))
            default: break
            }
        } _: { proxy, _ in
            let client = try await proxy.connect()
            try await client.send(
                "POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\nTrailer: Repr-Digest\r\n\r\n")
            // Four times what the server's window holds.
            let piece = String(repeating: "x", count: 65536)
            for _ in 0..<16 { try await client.send("10000\r\n\(piece)\r\n") }
            try await client.send("0\r\nRepr-Digest: a=:YQ==:\r\n\r\n")
            try await client.expect("\(16 * 65536) bytes")
            try await client.expect("seen\r\n\r\n")
        }
    }

    /// The body is all there when the server's window shuts behind its first bytes.
    @Test func endsABodyThatWaitedForTheWindow() async throws {
        var limits = HTTP2Limits()
        limits.streamWindow = 10
        let received = Mutex(0)
        try await ScriptedHTTP2Server.proxied(limits: limits) { turn, event in
            switch event {
            case .data(let id, let bytes, let end):
                received.withLock { $0 += bytes.readableBytes }
                if end { turn.answer(id, body: "\(received.withLock { $0 }) bytes") }
            case .end(let id, _):
                turn.answer(id, body: "\(received.withLock { $0 }) bytes")
            default: break
            }
        } _: { proxy, _ in
            let client = try await proxy.connect()
            let body = String(repeating: "x", count: 100)
            try await client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 100\r\n\r\n\(body)")
            try await client.expect("100 bytes")
        }
    }

    @Test func sendsTheBodyOfARefusedStreamAgain() async throws {
        let held = HeldStreams()
        try await ScriptedHTTP2Server.proxied { turn, event in
            switch event {
            case .request(let id, _):
                guard held.add(id, releaseAt: 2).isEmpty else { return }
                turn.write { session, out in session.reset(id, .refusedStream, into: &out) }
            case .data(let id, let bytes, _):
                turn.answer(id, body: "got \(String(buffer: bytes))")
            default: break
            }
        } _: { proxy, _ in
            let client = try await proxy.connect()
            try await client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\n\r\nhello")
            try await client.expect("got hello")
        }
    }

    @Test func passesInterimAnswers() async throws {
        try await ScriptedHTTP2Server.proxied { turn, event in
            guard case .request(let id, _) = event else { return }
            var early = ResponseHead()
            early.status = 103
            early.headers.add(name: "link", value: "</a>")
            turn.write { session, out in session.writeInterim(id, early, into: &out) }
            turn.answer(id, body: "then this")
        } _: { proxy, _ in
            let client = try await proxy.connect()
            try await client.send(get())
            try await client.expect("HTTP/1.1 103 ")
            try await client.expect("then this")
        }
    }

    @Test func cancelsTheStreamOfAClientThatLeaves() async throws {
        let held = HeldStreams()
        let reset = HeldStreams()
        try await ScriptedHTTP2Server.proxied { turn, event in
            switch event {
            case .request(let id, _): _ = held.add(id, releaseAt: .max)
            case .reset(let id, .cancel, byPeer: true): _ = reset.add(id, releaseAt: .max)
            default: break
            }
        } _: { proxy, server in
            let client = try await proxy.connect()
            try await client.send(get())
            try await held.wait(for: 1)
            try await client.close()
            try await reset.wait(for: 1)
            #expect(server.connections == 1)
        }
    }
}

/// Streams that a script has seen, and those who wait for it to see more.
final class HeldStreams: Sendable {
    private struct State {
        var ids: [HTTP2StreamID] = []
        var waiting: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    /// Returns all that were added once there are `releaseAt` of them, before that none.
    func add(_ id: HTTP2StreamID, releaseAt count: Int) -> [HTTP2StreamID] {
        let (all, due) = state.withLock { state in
            state.ids.append(id)
            let due = state.waiting.filter { $0.count <= state.ids.count }
            state.waiting.removeAll { $0.count <= state.ids.count }
            return (state.ids, due.map(\.continuation))
        }
        for continuation in due { continuation.resume() }
        return all.count >= count ? all : []
    }

    func wait(for count: Int) async throws {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.ids.count >= count { return true }
                state.waiting.append((count, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }
}
