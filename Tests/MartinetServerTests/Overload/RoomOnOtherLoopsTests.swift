import NIOCore
import NIOPosix
import Testing

@testable import MartinetServer

/// A loop whose own connections are all busy asks the others for one that is not.
@Suite struct RoomOnOtherLoopsTests {
    /// Says when it has been given up.
    private final class Stand: ClientConnection {
        let deadline = UInt64.max
        let use: ConnectionUse
        private let loop: LoopContext
        private let gone: EventLoopPromise<Void>?

        init(_ use: ConnectionUse, on loop: LoopContext, gone: EventLoopPromise<Void>? = nil) {
            self.use = use
            self.loop = loop
            self.gone = gone
        }

        func deadlinePassed(now: UInt64) {}
        func stopAccepting() {}
        func close() {
            loop.remove(self)
            gone?.succeed()
        }
    }

    /// 20 clients.
    private static let budget = DescriptorBudget(limit: 53, own: 0)

    private static func with(
        loops count: Int, _ body: (LoopDirectory, EventLoopPromise<Void>) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: count)
        let overload = OverloadGuard(budget: budget)
        let contexts = group.makeIterator().map {
            LoopContext(eventLoop: $0, count: count, hostName: "test", overload: overload) { $0() }
        }
        let loops = LoopDirectory(contexts, overload: overload)
        let gone = loops.loops[count - 1].makePromise(of: Void.self)
        try await body(loops, gone)
        // A promise of a test that has failed.
        gone.succeed()
        try await group.shutdownGracefully()
    }

    /// Whether the first loop has a place for one more client.
    private static func hasPlace(_ loops: LoopDirectory) async throws -> Bool {
        try await loops.loops[0].submit {
            loops.hasPlace(
                for: EntryPoint(EntryPointSettings(name: "web", number: 0, host: "", port: 0)),
                on: loops.context(for: loops.loops[0]))
        }.get()
    }

    @Test func theLoopThatHasOneGivesItUp() async throws {
        try await Self.with(loops: 3) { loops, gone in
            try await loops.onEach { loop in
                let isLast = loop.eventLoop === loops.loops[2]
                for _ in 0..<6 { loop.add(Stand(.busy, on: loop)) }
                if isLast { loop.add(Stand(.ending, on: loop, gone: gone)) }
            }
            _ = loops.overload.admit(isReserved: false, now: 1)
            #expect(loops.overload.level >= .refusing)
            #expect(try await Self.hasPlace(loops))
            try await gone.futureResult.get()
            #expect(loops.overload.clientConnections == 19)
        }
    }

    @Test func whenAllAreBusyAFewMayStayAndNoMore() async throws {
        try await Self.with(loops: 2) { loops, _ in
            try await loops.onEach { loop in
                for _ in 0..<10 { loop.add(Stand(.busy, on: loop)) }
            }
            var places = 0
            while loops.overload.admit(isReserved: false, now: 1), try await Self.hasPlace(loops) { places += 1 }
            #expect(places == OverloadGuard.grace / 2)
        }
    }
}
