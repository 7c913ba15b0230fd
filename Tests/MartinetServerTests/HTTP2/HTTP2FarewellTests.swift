import MartinetHTTP
import NIOCore
import Testing

@testable import MartinetServer

/// How connections end that the proxy wants to end: nothing is lost that the client sent before it knew.
@Suite struct HTTP2FarewellTests {
    private static func connect(
        _ proxy: LiveProxy, onPing: @escaping @Sendable ([UInt8]) -> [UInt8] = { _ in [] }
    ) async throws -> HTTP2FrameClient {
        let client = try await HTTP2FrameClient.connect(port: proxy.port, first: request(1), onPing: onPing)
        try await client.wait { $0.ended.contains(1) }
        return client
    }

    private static func request(_ stream: UInt32) -> [UInt8] {
        HTTP2Frames.headers(stream, HTTP2Frames.request([":path": "/"]))
    }

    @Test func aRequestSentBeforeTheClientHasHeardIsServed() async throws {
        // However slow the machine that runs this is.
        let settings: (inout EntryPointSettings) -> Void = { $0.timeouts.farewell = 60_000_000_000 }
        try await LiveProxy.with(origin: .ok(), settings: settings) { proxy in
            let client = try await Self.connect(proxy) { Self.request(3) + HTTP2Frames.frame(6, 1, 0, $0) }
            try await proxy.stopAccepting()
            let received = try await client.wait { $0.isClosed }
            #expect(received.status(3) == "200")
            #expect(received.lastStreams == [0x7FFF_FFFF, 3])
            #expect(received.goAway == .noError)
        }
    }

    @Test func aClientThatDoesNotAnswerIsWaitedForAWhile() async throws {
        try await LiveProxy.with(origin: .ok()) { proxy in
            let client = try await Self.connect(proxy)
            try await proxy.stopAccepting()
            let received = try await client.wait { $0.isClosed }
            #expect(received.lastStreams == [0x7FFF_FFFF, 1])
        }
    }

    /// Neither does it keep a connection that has had its number of requests.
    @Test func aClientThatDoesNotAnswerIsWornOutAllTheSame() async throws {
        let settings: (inout EntryPointSettings) -> Void = { $0.keepAliveMaxRequests = 1 }
        try await LiveProxy.with(origin: .ok(), settings: settings) { proxy in
            let client = try await Self.connect(proxy)
            let received = try await client.wait { $0.isClosed }
            #expect(received.lastStreams == [0x7FFF_FFFF, 1])
        }
    }
}
