import Synchronization

/// Removes and packs what was put aside beside one log file, on a thread of its own: packing takes seconds, and lines are not to
/// wait for it.
final class LogHousekeeper: Sendable {
    private struct State {
        var isRunning = false
        /// Whether another file was put aside meanwhile.
        var again = false
    }

    private let backups: LogBackups
    private let rotation: LogRotation
    private let state = Mutex(State())

    init(path: String, rotation: LogRotation) {
        backups = LogBackups(of: path)
        self.rotation = rotation
    }

    func start() {
        let isFirst = state.withLock { state in
            defer { state.isRunning = true }
            state.again = true
            return !state.isRunning
        }
        guard isFirst else { return }
        let isStarted = DetachedThread.start { [self] in
            while hasMore() { backups.tidy(rotation, now: SystemClock.wallNanoseconds()) }
        }
        if !isStarted { state.withLock { $0 = State() } }
    }

    private func hasMore() -> Bool {
        state.withLock { state in
            defer { state.again = false }
            state.isRunning = state.again
            return state.again
        }
    }
}
