import Glibc

/// Blocks until something of a `WatchPlan` changes, or somebody sends a signal. To be used by one thread.
struct DirectoryWatcher: ~Copyable {
    enum Wake: Equatable {
        /// Something changed, or may have: look again.
        case changed
        /// Somebody asks for a thorough look.
        case reload
        case stop

        /// The most urgent of some signals, nil if there are none.
        init?(_ signals: Set<WakePipe.Signal>) {
            if signals.contains(.stop) {
                self = .stop
            } else if signals.contains(.reload) {
                self = .reload
            } else {
                return nil
            }
        }
    }

    private let inotify: INotify
    private let signals: WakePipe
    private var scopes: [INotify.Watch: WatchPlan.Scope] = [:]

    /// Pause after the last event before it is acted on, in milliseconds: a file is often written in several steps.
    private static let settleTime: Int32 = 5
    /// Most rounds of settling, so that a directory written to without end is read all the same.
    private static let settleRounds = 20

    init(signals: WakePipe) throws(SystemError) {
        inotify = try INotify()
        self.signals = signals
    }

    /// Watches what the plan says, and nothing else.
    /// - Returns: whether a watch was added, so that something may have happened unseen before.
    /// - Throws: when the system's limit of watches is reached; the watches that were possible are in place.
    mutating func apply(_ plan: WatchPlan) throws(SystemError) -> Bool {
        let before = Set(scopes.keys)
        scopes = [:]
        var exhausted: SystemError?
        for (directory, scope) in plan.scopes {
            do throws(SystemError) {
                let watch = try inotify.watch(directory)
                if scopes[watch]?.formUnion(scope) == nil { scopes[watch] = scope }
            } catch {
                // A component that is missing or a file is noticed through the directory above it.
                if error.code == ENOSPC || error.code == ENOMEM { exhausted = error }
            }
        }
        for watch in before.subtracting(scopes.keys) { inotify.remove(watch) }
        if let exhausted { throw exhausted }
        return !before.isSuperset(of: scopes.keys)
    }

    /// Waits for the next thing to do.
    ///
    /// - Parameter limit: milliseconds after which to look again without any notice; negative for ever.
    func wait(atMost limit: Int32 = -1) -> Wake {
        while true {
            guard poll(timeout: limit) || limit < 0 else { return .changed }
            if let wake = Wake(signals.drain()) { return wake }
            if isAffected() { return settle() }
        }
    }

    private func settle() -> Wake {
        for _ in 0..<Self.settleRounds {
            guard poll(timeout: Self.settleTime) else { break }
            if let wake = Wake(signals.drain()) { return wake }
            // Further events are not told apart: everything is looked at anyway.
            if !isAffected() { break }
        }
        return .changed
    }

    /// Whether there is something to read before the time, in milliseconds, is over; negative waits for ever.
    @discardableResult
    private func poll(timeout: Int32) -> Bool {
        var descriptors = [
            pollfd(fd: inotify.descriptor, events: Int16(POLLIN), revents: 0),
            pollfd(fd: signals.readEnd, events: Int16(POLLIN), revents: 0),
        ]
        return Glibc.poll(&descriptors, 2, timeout) > 0
    }

    private func isAffected() -> Bool {
        inotify.drain().reduce(false) { affected, event in
            affected || event.needsFullScan || event.name.isEmpty
                || scopes[event.watch]?.contains(event.name) ?? false
        }
    }
}
