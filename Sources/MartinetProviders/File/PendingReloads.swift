import Synchronization

/// Who waits for files to be read again, from the request to the delivery of what was found.
///
/// Requests are numbered. Whoever reads notes the last number before it looks, and hands it on with what it found: that look served all
/// requests up to this number, also if a later find takes the place of its own on the way.
final class PendingReloads: Sendable {
    private struct State {
        var last = 0
        var isOver = false
        var waiting: [(number: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    /// Number of the last request.
    var last: Int { state.withLock { $0.last } }

    /// Calls `ask`, and returns when a look that began after it has been handed on, or nobody looks any more.
    func wait(asking ask: () -> Void) async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                guard !state.isOver else { return true }
                state.last += 1
                state.waiting.append((state.last, continuation))
                return false
            }
            if isOver { continuation.resume() } else { ask() }
        }
    }

    /// What was found after requests up to `number` has been handed on.
    func done(upTo number: Int) {
        resume { state in
            let done = state.waiting.filter { $0.number <= number }
            state.waiting.removeAll { $0.number <= number }
            return done
        }
    }

    /// Nobody looks any more: nobody waits any longer, now or later.
    func end() {
        resume { state in
            defer { state.waiting = [] }
            state.isOver = true
            return state.waiting
        }
    }

    private func resume(
        _ take: (inout State) -> [(number: Int, continuation: CheckedContinuation<Void, Never>)]
    ) {
        let taken = state.withLock { state in take(&state) }
        for waiter in taken { waiter.continuation.resume() }
    }
}
