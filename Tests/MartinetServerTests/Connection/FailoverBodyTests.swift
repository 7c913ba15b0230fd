import MartinetConfig
import MartinetCore
import NIOCore
import Synchronization
import Testing

@testable import MartinetServer

/// Bodies that a failover keeps for its second try share a budget.
@Suite struct FailoverBodyTests {
    /// Answers every other request 503, the others 200, once their bodies of `length` bytes are whole.
    private static func origin(length: Int, served: Counter) -> ScriptedOrigin {
        ScriptedOrigin {
            return { received in
                let text = String(buffer: received)
                guard let end = text.firstRange(of: "\r\n\r\n") else { return [] }
                let head = text[..<end.upperBound].utf8.count
                guard received.readableBytes >= head + length else { return [] }
                received.moveReaderIndex(forwardBy: head + length)
                let status = served.next() % 2 == 0 ? "503 Service Unavailable" : "200 OK"
                return [.text("HTTP/1.1 \(status)\r\nContent-Length: 0\r\n\r\n")]
            }
        }
    }

    private final class Counter: Sendable {
        private let value = Atomic<Int>(0)
        func next() -> Int { value.wrappingAdd(1, ordering: .relaxed).oldValue }
        var count: Int { value.load(ordering: .relaxed) }
    }

    /// The beginning of each body, 64 KiB, is kept whatever the others take.
    @Test(arguments: [(100_000, true), (160_000, true), (200_000, false), (65_000, true)])
    func aBodyBeyondTheBudgetIsSentOnce(_ length: Int, _ isKept: Bool) async throws {
        let served = Counter()
        try await LiveProxy.with(origin: Self.origin(length: length, served: served), routing: Self.failover) { proxy in
            try await proxy.onEach { $0.replayBudget = BodyBudget(limit: 100_000) }
            for round in 1...3 {
                let client = try await proxy.connect()
                let body = String(repeating: "x", count: length)
                try await client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \(length)\r\n\r\n\(body)")
                if isKept {
                    try await client.expect("200 OK")
                    #expect(served.count == 2 * round)
                } else {
                    let isRefused = round % 2 == 1
                    try await client.expect(isRefused ? "503 Service Unavailable" : "200 OK")
                    #expect(served.count == round)
                }
                try await client.close()
            }
            let used = Collected<Int>()
            try await proxy.onEach { used.append($0.replayBudget.used) }
            #expect(used.all == [0])
        }
    }

    /// The main service and its fallback are the same server.
    private static func failover(_ fixture: inout RoutingFixture) {
        let origin = fixture.routing.configuration.http.services["origin"]
        fixture.routing.configuration.http.services["fallback"] = origin
        var failover = FailoverOptions()
        failover.service = "origin"
        failover.fallback = "fallback"
        var errors = FailoverErrorsOptions()
        errors.status = ["503"]
        failover.errors = errors
        var options = HTTPServiceOptions()
        options.failover = failover
        fixture.routing.configuration.http.services["failover"] = Boxed(options)
        fixture.router("all", "PathPrefix(`/`)", service: "failover")
    }
}
