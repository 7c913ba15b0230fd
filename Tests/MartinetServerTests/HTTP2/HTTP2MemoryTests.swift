import MartinetHTTP
import NIOCore
import Testing

@testable import MartinetServer

/// What a client that does not take its answers costs (H25, H27), in real sizes.
@Suite struct HTTP2MemoryTests {
    private static func origin(_ size: Int, chunked: Bool = false) -> ScriptedOrigin {
        let body = String(repeating: "y", count: size)
        let text =
            chunked
            ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(String(size, radix: 16))\r\n\(body)\r\n0\r\n\r\n"
            : ScriptedOrigin.okText(body)
        return .answering { _ in text }
    }

    private static func ask(_ count: UInt32) -> [UInt8] {
        (0..<count).flatMap { HTTP2Frames.headers(2 * $0 + 1, HTTP2Frames.request()) }
    }

    @Test(arguments: [false, true]) func shutWindowsCostBoundedMemory(_ chunked: Bool) async throws {
        let change: (inout EntryPointSettings) -> Void = { $0.http2.maxConcurrentStreams = 250 }
        try await LiveProxy.with(origin: Self.origin(300_000, chunked: chunked), settings: change) { proxy in
            let client = try await HTTP2FrameClient.connect(port: proxy.port, settings: [(4, 0)])
            try await client.send(Self.ask(250))
            try await client.wait { $0.sections.count == 250 }
            let state = try #require(try await proxy.http2Connections().first)
            #expect(state.openStreams == 250)
            #expect(state.waitingBytes > HTTP2Connection.tightMark)
            // The mark, one server's full turn beyond it, and a portion for each stream.
            #expect(state.waitingBytes <= HTTP2Connection.tightMark + 4 * 65536 + 250 * 8192)
            let bystander = try await HTTP2TestClient.connect(port: proxy.port)
            try await bystander.send([("/", 0)])
            #expect(try await bystander.all().map(\.body) == [300_000])
            try await client.close()
            try await bystander.close()
        }
    }

    /// A client that opens its windows late gets all of it, from however many servers were paused.
    @Test func whatWaitedArrivesWhole() async throws {
        try await LiveProxy.with(origin: Self.origin(400_000)) { proxy in
            let client = try await HTTP2FrameClient.connect(port: proxy.port, settings: [(4, 0)])
            try await client.send(Self.ask(20))
            try await client.wait { $0.sections.count == 20 }
            try await client.send(HTTP2Frames.windowUpdate(0, 1 << 24) + HTTP2Frames.settings([(4, 1 << 20)]))
            let received = try await client.wait { $0.ended.count == 20 }
            #expect(received.bodies.values.allSatisfy { $0 == 400_000 })
            let state = try #require(try await proxy.http2Connections().first)
            #expect(state.waitingBytes == 0 && state.openStreams == 0)
            try await client.close()
        }
    }

    /// A client that leaves takes with it what waits.
    @Test func resetStreamsKeepNothing() async throws {
        try await LiveProxy.with(origin: Self.origin(400_000)) { proxy in
            let client = try await HTTP2FrameClient.connect(port: proxy.port, settings: [(4, 10)])
            try await client.send(Self.ask(10))
            try await client.wait { $0.bodies.count == 10 }
            let resets = (0..<10).flatMap { HTTP2Frames.reset(2 * $0 + 1) }
            try await client.send(resets + HTTP2Frames.frame(6, 0, 0, [UInt8](repeating: 1, count: 8)))
            try await client.wait { $0.pongs == 1 }
            let state = try #require(try await proxy.http2Connections().first)
            #expect(state.waitingBytes == 0 && state.openStreams == 0)
            try await client.close()
        }
    }

    /// Windows that are given back frame by frame neither crumble nor end the connection.
    @Test func smallWindowsGetWholeAnswers() async throws {
        try await LiveProxy.with(origin: Self.origin(500_000, chunked: true)) { proxy in
            let client = try await HTTP2FrameClient.connect(port: proxy.port, settings: [(4, 1000)], grants: true)
            try await client.send(Self.ask(2))
            let received = try await client.wait { $0.ended.count == 2 || $0.isClosed }
            #expect(received.bodies == [1: 500_000, 3: 500_000])
            #expect(received.pieces.count < 2 * 500_000 / 400)
            try await client.close()
        }
    }

    /// A server's many small pieces become few large ones, whether they have to wait or not.
    @Test func smallPiecesAreGathered() async throws {
        let pieces = String(repeating: "1\r\nx\r\n", count: 20_000)
        let origin = ScriptedOrigin.answering { _ in
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\(pieces)0\r\n\r\n"
        }
        try await LiveProxy.with(origin: origin) { proxy in
            let client = try await HTTP2FrameClient.connect(port: proxy.port, settings: [(4, 0)])
            try await client.send(Self.ask(1))
            try await client.wait { $0.sections.count == 1 }
            try await client.send(HTTP2Frames.windowUpdate(1, 65535))
            let received = try await client.wait { $0.ended.contains(1) }
            #expect(received.bodies[1] == 20_000)
            #expect(received.pieces.count < 1000)
            try await client.close()
        }
    }

    /// RFC 9113 §6.5.2: an answer larger than the client takes would cost it the connection.
    @Test func answersKeepToTheHeaderListOfTheClient() async throws {
        let origin = ScriptedOrigin.answering { head in
            let size = head.hasPrefix("GET /large ") ? 3000 : 10
            return "HTTP/1.1 200 OK\r\nX-A: \(String(repeating: "a", count: size))\r\nContent-Length: 2\r\n\r\nok"
        }
        try await LiveProxy.with(origin: origin) { proxy in
            let client = try await HTTP2FrameClient.connect(port: proxy.port, settings: [(6, 2000)])
            try await client.send(
                HTTP2Frames.headers(1, HTTP2Frames.request([":path": "/large"]))
                    + HTTP2Frames.headers(3, HTTP2Frames.request()))
            let received = try await client.wait { $0.ended.count == 2 }
            #expect(received.status(1) == "502")
            #expect(received.status(3) == "200")
            #expect(received.texts == [3: "ok"])
            try await client.close()
        }
    }
}
