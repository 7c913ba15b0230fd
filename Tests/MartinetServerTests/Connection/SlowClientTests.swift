import MartinetHTTP
import NIOCore
import Testing

@testable import MartinetServer

/// Clients that are slow on purpose, in front of real connections whose deadlines are some milliseconds: each is let go, whatever it
/// trickles. None of the tests waits for a time; they wait for the connection to end.
@Suite struct SlowClientTests {
    /// A server that answers everything with a body of so many bytes.
    private static func origin(_ count: Int = 2) -> ScriptedOrigin {
        .ok(String(repeating: "x", count: count))
    }

    /// Sends `first`, then one byte for each answer of the clock, until the connection ends; gives what came.
    private func trickle(
        _ first: String, _ byte: String, _ change: @escaping (inout EntryPointSettings) -> Void
    ) async throws -> String {
        var received = ""
        try await LiveProxy.with(origin: Self.origin(), settings: change) { proxy in
            let client = try await proxy.connect(sending: first)
            let drip = client.channel?.eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(20)) {
                _ in
                client.channel?.writeAndFlush(ByteBuffer(string: byte), promise: nil)
            }
            received = try await client.all()
            drip?.cancel()
        }
        return received
    }

    private static func readTimeout(_ settings: inout EntryPointSettings) { settings.timeouts.read = 150_000_000 }

    /// For clients who must get something done before they are slow.
    private static func longReadTimeout(_ settings: inout EntryPointSettings) {
        settings.timeouts.read = 1_000_000_000
    }

    /// L1 and L4: nothing, half a head, and half of what TLS or HTTP/2 begin with.
    @Test(arguments: [
        "", "G", "GET / HTTP/1.1\r\nX: ", "\u{16}", "\u{16}\u{3}\u{1}\u{0}\u{10}", "\u{16}\u{3}\u{3}\u{0}\u{40}\u{1}",
        "PRI * HTTP/2.0\r\n",
    ])
    func aBeginningThatDoesNotEnd(_ first: String) async throws {
        try await LiveProxy.with(origin: Self.origin(), settings: Self.readTimeout) { proxy in
            let client = try await proxy.connect(sending: first)
            #expect(try await client.all().isEmpty)
        }
    }

    @Test func aHeadByteByByte() async throws {
        #expect(try await trickle("GET / HTTP/1.1\r\nHost: a\r\n", "X", Self.readTimeout).isEmpty)
    }

    /// The time for the second head counts from its first byte.
    @Test func aSecondHeadByteByByte() async throws {
        let first = "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\n"
        let received = try await trickle(first, "X") {
            Self.longReadTimeout(&$0)
            $0.timeouts.idle = 0
        }
        #expect(received.components(of: "200 OK") == 1)
    }

    /// L2.
    @Test(arguments: ["Content-Length: 100000", "Transfer-Encoding: chunked"])
    func aBodyByteByByte(_ framing: String) async throws {
        let received = try await trickle("POST / HTTP/1.1\r\nHost: a\r\n\(framing)\r\n\r\n", "1", Self.readTimeout)
        #expect(received.components(of: "\r\n\r\n") <= 1)
    }

    @Test func aBodyHasTheRestOfTheTimeThatItsHeadTook() throws {
        let client = try EmbeddedConnection { $0.timeouts.read = 10_000_000_000 }
        let before = client.connection.deadline
        try client.send("POST / HTTP/1.1\r\n")
        #expect(client.connection.deadline == before)
    }

    @Test func anIdleConnection() async throws {
        let settings: (inout EntryPointSettings) -> Void = { $0.timeouts.idle = 50_000_000 }
        try await LiveProxy.with(origin: Self.origin(), settings: settings) { proxy in
            let client = try await proxy.connect()
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(try await client.all().components(of: "200 OK") == 1)
        }
    }

    @Test func anAnswerThatTakesTooLong() async throws {
        let settings: (inout EntryPointSettings) -> Void = { $0.timeouts.write = 50_000_000 }
        try await LiveProxy.with(origin: .silent, settings: settings) { proxy in
            let client = try await proxy.connect()
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            try await client.expect("504 Gateway Timeout")
        }
    }

    /// L3: nothing is read of an answer that is larger than what the kernel takes.
    @Test func anAnswerThatIsNotRead() async throws {
        let large = Self.origin(12_000_000)
        let settings: (inout EntryPointSettings) -> Void = { $0.timeouts.idle = 200_000_000 }
        try await LiveProxy.with(origin: large, settings: settings) { proxy in
            let client = try await proxy.connect()
            try await client.channel?.setOption(.autoRead, value: false).get()
            try await client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            try await proxy.waitUntilEmpty()
            try await client.channel?.setOption(.autoRead, value: true).get()
            #expect(try await client.all().utf8.count < 12_000_000)
        }
    }

    /// A frame, and a field section, that begin and do not end.
    @Test(
        arguments: [
            [0, 0, 40, 1, 4, 0, 0, 0, 1], [0, 0, 1, 1, 0, 0, 0, 0, 1, 0x82], [0, 0, 8, 6, 0, 0, 0, 0, 0, 1],
        ] as [[UInt8]])
    func anHTTP2FrameThatDoesNotEnd(_ frame: [UInt8]) async throws {
        let settings: (inout EntryPointSettings) -> Void = {
            Self.longReadTimeout(&$0)
            $0.timeouts.idle = 3_600_000_000_000
        }
        try await LiveProxy.with(origin: Self.origin(), settings: settings) { proxy in
            let client = try await HTTP2TestClient.connect(port: proxy.port, first: [("/", 0)])
            #expect(try await client.all() == [.init(status: 200, body: 2, ended: true)])
            try await client.channel?.writeAndFlush(ByteBuffer(bytes: frame)).get()
            try await client.channel?.closeFuture.get()
        }
    }

    @Test func anHTTP2BodyThatDoesNotCome() async throws {
        try await LiveProxy.with(origin: Self.origin(), settings: Self.longReadTimeout) { proxy in
            let client = try await HTTP2TestClient.connect(port: proxy.port, first: [("/", 5_000_000)])
            let answers = try await client.all()
            #expect(answers.first?.isOver == true)
        }
    }

    /// `keepAliveMaxRequests` and `keepAliveMaxTime` end HTTP/2 connections, too, without losing a request.
    @Test func anHTTP2ConnectionWearsOut() async throws {
        let settings: (inout EntryPointSettings) -> Void = { $0.keepAliveMaxRequests = 3 }
        try await LiveProxy.with(origin: Self.origin(), settings: settings) { proxy in
            let client = try await HTTP2TestClient.connect(port: proxy.port)
            try await client.send([("/1", 0), ("/2", 0), ("/3", 0)])
            #expect(try await client.all().allSatisfy { $0.status == 200 && $0.ended })
            try await client.channel?.closeFuture.get()
            #expect(client.saidGoodbye)
        }
    }
}
