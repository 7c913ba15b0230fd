import NIOCore

/// Finds an event loop's ``LoopContext``. The list never changes after start; each context is only touched on its own loop.
final class LoopDirectory: Sendable {
    private struct Entry: @unchecked Sendable {
        // Guard: `context` is handed out on `loop` only (`context(for:)` checks), so it is confined to that loop.
        let loop: any EventLoop
        let context: LoopContext
    }

    private let entries: [Entry]
    /// What all loops share.
    let overload: OverloadGuard

    init(_ contexts: [LoopContext], overload: OverloadGuard) {
        self.overload = overload
        entries = contexts.map { Entry(loop: $0.eventLoop, context: $0) }
    }

    var loops: [any EventLoop] { entries.map(\.loop) }

    /// The context of the loop we are on.
    func context(for loop: any EventLoop) -> LoopContext {
        loop.preconditionInEventLoop()
        for entry in entries where entry.loop === loop { return entry.context }
        preconditionFailure("an event loop of another group serves a connection")
    }

    /// Runs `body` on each loop with its context and waits for all.
    func onEach(_ body: @escaping @Sendable (LoopContext) -> Void) async throws {
        for entry in entries {
            try await entry.loop.submit { body(self.context(for: entry.loop)) }.get()
        }
    }

    /// As ``onEach(_:)``, all loops at once, each ending when its future does.
    func onEach(_ body: @escaping @Sendable (LoopContext, EventLoopPromise<Void>) -> Void) async throws {
        let futures = entries.map { entry in
            let promise = entry.loop.makePromise(of: Void.self)
            entry.loop.execute { body(self.context(for: entry.loop), promise) }
            return promise.futureResult
        }
        for future in futures { try await future.get() }
    }

    /// Sum over all loops of a figure.
    func sum(_ body: @escaping @Sendable (LoopContext) -> Int) async throws -> Int {
        var total = 0
        for entry in entries {
            total += try await entry.loop.submit { body(self.context(for: entry.loop)) }.get()
        }
        return total
    }
}
