import NIOCore
import Synchronization
import Testing

@testable import MartinetServer

/// What clients see when there are too many of them, or too little memory.
@Suite struct OverloadTests {
    private static let get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n"
    /// 20 clients; the 17th brings trimming, the 19th refusing.
    private static let budget = DescriptorBudget(limit: 53, own: 0)

    @Test func theBudgetIsTwentyClients() { #expect(Self.budget.clients == 20) }

    /// Keep-alive connections that nobody uses make room, the oldest first, and everybody is served.
    @Test func newClientsTakeThePlaceOfIdleOnes() async throws {
        try await LiveProxy.with(origin: .ok(), budget: Self.budget) { proxy in
            let clients = try await proxy.connect(60, sending: Self.get) { _, client in
                try await client.expect("200 OK")
            }
            // The first are gone.
            #expect(try await clients[0].all().components(of: "200 OK") == 1)
            #expect(proxy.overload.clientConnections <= 20)
        }
    }

    /// Whoever is being served stays; who comes then is told so, and in the end reset.
    @Test func busyConnectionsAreNotGivenUp() async throws {
        try await LiveProxy.with(origin: .silent, budget: Self.budget) { proxy in
            _ = try await proxy.connect(18, sending: Self.get)
            try await proxy.waitUntil { $0.serverConnections == 18 }
            let late = try await proxy.connect(sending: Self.get)
            let answer = try await late.all()
            #expect(answer.hasPrefix("HTTP/1.1 503 Service Unavailable\r\n"))
            #expect(answer.hasSuffix("Connection: close\r\n\r\nService Unavailable"))
            #expect(answer.contains("Retry-After: 1\r\n"))
            #expect(proxy.overload.clientConnections >= 18)
        }
    }

    @Test func aRefusedTLSClientIsClosedWithoutAHandshake() async throws {
        try await LiveProxy.with(origin: .silent, budget: Self.budget) { proxy in
            _ = try await proxy.connect(18, sending: Self.get)
            try await proxy.waitUntil { $0.serverConnections == 18 }
            let late = try await proxy.connect(sending: "\u{16}\u{3}\u{1}\u{0}\u{10}")
            #expect(try await late.all().isEmpty)
        }
    }

    @Test func answersCloseTheirConnectionUnderPressure() async throws {
        let percent = Atomic<Int>(93)
        let memory: @Sendable () -> Int = { percent.load(ordering: .relaxed) }
        try await LiveProxy.with(origin: .ok(), memoryPercent: memory) { proxy in
            // The first connection has the measurement taken, the sweep tells the loop.
            let first = try await proxy.connect()
            try await proxy.waitUntil { $0.level == .closing }
            _ = try await first.sweptAnswers(Self.get)
            let second = try await proxy.connect()
            try await second.send(Self.get)
            #expect(try await second.all().contains("Connection: close\r\n"))
        }
    }

    @Test func withoutMemoryRequestsGet503UntilThereIsSome() async throws {
        let percent = Atomic<Int>(96)
        let memory: @Sendable () -> Int = { percent.load(ordering: .relaxed) }
        try await LiveProxy.with(origin: .ok(), memoryPercent: memory) { proxy in
            var answer = ""
            while !answer.contains("503 Service Unavailable") {
                let client = try await proxy.connect(sending: Self.get)
                answer = try await client.expectAnswer()
            }
            #expect(answer.contains("Retry-After: 1\r\n"))
            percent.store(10, ordering: .relaxed)
            while !answer.contains("200 OK") {
                let client = try await proxy.connect(sending: Self.get)
                answer = try await client.expectAnswer()
            }
        }
    }

    /// The limit of connections to servers is that of descriptors that clients leave.
    @Test func withoutADescriptorForTheServerTheAnswerIs503() async throws {
        // Two connections in all.
        let budget = DescriptorBudget(limit: 2, own: 0)
        #expect(budget.connections == 2)
        let settings: (inout EntryPointSettings) -> Void = { $0.isReserved = true }
        try await LiveProxy.with(origin: .ok(), settings: settings, budget: budget) { proxy in
            let first = try await proxy.connect()
            let second = try await proxy.connect()
            try await second.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            #expect(try await second.all().hasPrefix("HTTP/1.1 503 "))
            try await first.close()
        }
    }
}

extension WireRecorder {
    /// Waits for the answer to one request.
    fileprivate func sweptAnswers(_ request: String) async throws -> String {
        try await send(request)
        return try await expect("\r\n\r\n")
    }
}
