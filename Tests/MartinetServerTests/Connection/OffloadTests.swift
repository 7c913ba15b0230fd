import MartinetCore
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

@testable import MartinetServer

/// Work that middlewares hand to another thread.
@Suite struct OffloadTests {
    /// Has something worked out before each request passes.
    private final class Thinker: HTTPMiddleware {
        let thoughts = Atomic(0)

        func request(_ exchange: Exchange) -> RequestOutcome {
            exchange.driver?.offload { [self] in
                thoughts.add(1, ordering: .relaxed)
            } completion: { _ in
                exchange.resume(.proceed)
            }
            return .wait
        }
    }

    private final class Queue: Sendable {
        private let work = Mutex<[@Sendable () -> Void]>([])

        func add(_ body: @escaping @Sendable () -> Void) { work.withLock { $0.append(body) } }

        func run() {
            let all = work.withLock { work in
                defer { work = [] }
                return work
            }
            for body in all { body() }
        }
    }

    @Test(arguments: [false, true]) func whatNobodyWaitsForIsNotDone(_ leaves: Bool) throws {
        let queue = Queue()
        let thinker = Thinker()
        let client = try EmbeddedConnection(chain: [thinker], offload: { queue.add($0) })
        try client.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n")
        #expect(try client.received().isEmpty)
        if leaves { client.channel.close(promise: nil) }
        client.channel.embeddedEventLoop.run()
        queue.run()
        client.channel.embeddedEventLoop.run()
        #expect(thinker.thoughts.load(ordering: .relaxed) == (leaves ? 0 : 1))
        #expect(try client.received().hasPrefix("HTTP/1.1 200 OK\r\n") != leaves)
    }
}
