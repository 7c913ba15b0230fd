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

    /// Whether a new connection of `loop` can be served: always, unless it takes the place of one that waits for its client and there
    /// is none.
    ///
    /// Those of its own loop are at hand. When they are all busy, others may have one, for slow clients do not spread evenly: they are
    /// asked, and meanwhile the connection is one too many, of which there may be a few.
    func hasPlace(for entryPoint: EntryPoint, on loop: LoopContext) -> Bool {
        if overload.level < .refusing || entryPoint.settings.isReserved || loop.makeRoom() { return true }
        guard entries.count > 1, overload.hasGrace,
            let place = entries.firstIndex(where: { $0.loop === loop.eventLoop })
        else { return false }
        askForRoom(at: place + 1, further: entries.count - 2)
        return true
    }

    /// Has one loop after the other look for a connection to give up, until one has.
    private func askForRoom(at place: Int, further: Int) {
        let entry = entries[place % entries.count]
        entry.loop.execute { [self] in
            guard !context(for: entry.loop).makeRoom(), further > 0 else { return }
            askForRoom(at: place + 1, further: further - 1)
        }
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
