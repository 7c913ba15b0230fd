import MartinetHTTP
import NIOCore
import Testing

@testable import MartinetServer

/// Attacks made of many frames, each of them legal, against a running proxy: the attacker is cut off, what it made the server do is
/// bounded, and another client does not notice.
@Suite struct HTTP2LiveFloodTests {
    struct Flood: Sendable, CustomTestStringConvertible {
        let label: String
        /// How often the attacker goes on; cut off much earlier.
        let rounds: UInt32
        let frames: @Sendable (UInt32) -> [UInt8]
        var testDescription: String { label }

        init(_ label: String, _ rounds: UInt32, _ frames: @escaping @Sendable (UInt32) -> [UInt8]) {
            self.label = label
            self.rounds = rounds
            self.frames = frames
        }

        /// With a stream opened by the first round.
        static func on(_ label: String, _ rounds: UInt32, _ frames: @escaping @Sendable (UInt32) -> [UInt8]) -> Flood {
            Flood(label, rounds) {
                ($0 == 0 ? HTTP2Frames.headers(1, HTTP2Frames.request(), end: false) : []) + frames($0)
            }
        }
    }

    private static func ask(_ round: UInt32, end: Bool = true) -> [UInt8] {
        HTTP2Frames.headers(2 * round + 1, HTTP2Frames.request(), end: end)
    }

    static let floods: [Flood] = [
        Flood("H20 rapid reset", 20_000) { ask($0) + HTTP2Frames.reset(2 * $0 + 1) },
        Flood("H21 made to reset by a window of 0", 5000) {
            ask($0, end: false) + HTTP2Frames.windowUpdate(2 * $0 + 1, 0)
        },
        Flood("H21 made to reset by an overflow", 5000) {
            ask($0, end: false) + HTTP2Frames.windowUpdate(2 * $0 + 1, 0x7FFF_FFFF)
        },
        Flood("H21 made to reset by PRIORITY", 5000) { ask($0) + HTTP2Frames.frame(2, 0, 2 * $0 + 1, [0, 0, 0, 0]) },
        Flood("H21 made to reset by HEADERS behind the end", 5000) { ask($0) + ask($0) },
        Flood("H21 made to reset by DATA behind the end", 5000) { ask($0) + HTTP2Frames.data(2 * $0 + 1, "x") },
        Flood("H22 CONTINUATION", 1000) {
            $0 == 0
                ? HTTP2Frames.frame(1, 1, 1, HTTP2Frames.block(HTTP2Frames.request()))
                : HTTP2Frames.frame(9, 0, 1, [UInt8](repeating: 0x82, count: 16384))
        },
        Flood("H12 empty CONTINUATION", 1000) {
            $0 == 0
                ? HTTP2Frames.frame(1, 1, 1, HTTP2Frames.block(HTTP2Frames.request())) : HTTP2Frames.frame(9, 0, 1)
        },
        Flood("H23 PING", 20_000) { _ in HTTP2Frames.frame(6, 0, 0, [UInt8](repeating: 1, count: 8)) },
        Flood("H23 SETTINGS", 20_000) { _ in HTTP2Frames.settings() },
        Flood("H23 PRIORITY", 20_000) { _ in HTTP2Frames.frame(2, 0, 1, [0, 0, 0, 0, 9]) },
        Flood("H23 WINDOW_UPDATE of 1", 20_000) { _ in HTTP2Frames.windowUpdate(0, 1) },
        .on("H24 empty DATA", 5000) { _ in HTTP2Frames.data(1, "") },
        .on("H24 DATA of one byte", 20_000) { _ in HTTP2Frames.data(1, "x") },
        Flood("unknown frames", 20_000) { _ in HTTP2Frames.frame(99, 0, 0) },
    ]

    /// Answers `/calm`, and nothing else.
    private static let origin = ScriptedOrigin.answering {
        $0.hasPrefix("GET /calm ") ? ScriptedOrigin.okText() : nil
    }

    @Test(arguments: floods, [true, false])
    func floodsEndTheConnectionAndNothingElse(_ flood: Flood, reads: Bool) async throws {
        try await LiveProxy.with(origin: Self.origin) { proxy in
            let bystander = try await HTTP2TestClient.connect(port: proxy.port)
            try await bystander.send([("/calm", 0)])
            _ = try await bystander.all()
            let attacker = try await HTTP2FrameClient.connect(port: proxy.port, reads: reads)
            try await attacker.send((0..<flood.rounds).flatMap(flood.frames))
            if reads {
                let received = try await attacker.wait { $0.isClosed }
                // What it sent behind its end may take the last word from the socket.
                #expect(received.goAway == nil || received.goAway == .enhanceYourCalm)
                #expect(received.sections.isEmpty)
            }
            try await bystander.send([("/calm", 0), ("/calm", 0)])
            #expect(try await bystander.all() == Array(repeating: .init(status: 200, body: 2, ended: true), count: 3))
            #expect(!bystander.saidGoodbye)
            if reads {
                let left = try await proxy.http2Connections()
                #expect(left.count == 1)
                #expect(left.allSatisfy { $0.openStreams == 0 && $0.waitingBytes == 0 })
            }
            try await attacker.close()
            try await bystander.close()
        }
    }

    /// H25, H26: a small head that unpacks to a large one, on as many streams as there may be, with all windows shut.
    @Test func bombsAreAnsweredWith431() async throws {
        try await LiveProxy.with(origin: Self.origin) { proxy in
            let bystander = try await HTTP2TestClient.connect(port: proxy.port)
            let attacker = try await HTTP2FrameClient.connect(port: proxy.port, settings: [(4, 0)])
            // `cookie` with an empty value enters the table and is then named by one byte, 4,000 times.
            let bomb = HTTP2Frames.block(HTTP2Frames.request()) + [0x60, 0] + [UInt8](repeating: 0xBE, count: 4000)
            for stream in stride(from: UInt32(1), to: 200, by: 2) {
                try await attacker.send(HTTP2Frames.frame(1, 5, stream, bomb))
            }
            let received = try await attacker.wait { $0.sections.count == 100 }
            #expect((0..<100).allSatisfy { received.status(2 * $0 + 1) == "431" })
            let states = try await proxy.http2Connections()
            #expect(states.allSatisfy { $0.waitingBytes == 0 })
            try await bystander.send([("/calm", 0)])
            #expect(try await bystander.all().map(\.status) == [200])
            try await attacker.close()
            try await bystander.close()
        }
    }

    /// H28: whatever trickles, a head has its time.
    @Test(arguments: [false, true]) func headsHaveTheirTime(_ isContinued: Bool) async throws {
        let hurry: (inout EntryPointSettings) -> Void = { $0.timeouts.read = 1_500_000_000 }
        try await LiveProxy.with(origin: Self.origin, settings: hurry) { proxy in
            let client = try await HTTP2FrameClient.connect(
                port: proxy.port, first: HTTP2Frames.headers(1, HTTP2Frames.request([":path": "/calm"])))
            try await client.wait { $0.ended.contains(1) }
            let start = HTTP2Frames.frame(1, 1, 3, HTTP2Frames.block(HTTP2Frames.request()))
            try await client.send(isContinued ? start + HTTP2Frames.frame(9, 0, 3) : Array(start.dropLast(5)))
            let received = try await client.wait { $0.isClosed }
            #expect(received.goAway == .enhanceYourCalm)
            try await client.close()
        }
    }
}
