import Logging
import MartinetConfig

/// What the file provider's thread does: read, hand on, wait for a change, and again.
struct FileFollower: Sendable {
    private let store: FileStore
    private let signals: WakePipe
    private let watches: Bool
    private let logger: Logger

    /// Most looks in a row because new directories had to be watched: each step makes a deeper level visible.
    private static let looksLimit = 64
    /// Milliseconds after which to look again when something is there and could not be read: no notice will tell when it can.
    private static let retryTime: Int32 = 1000

    init(store: FileStore, signals: WakePipe, watches: Bool, logger: Logger) {
        self.store = store
        self.signals = signals
        self.watches = watches
        self.logger = logger
    }

    /// Blocks until told to stop. `handOn` gets the first configuration, every one that may differ from the last, and one for each
    /// time that it was told to read again, with the number of the last such request that it has seen.
    func run(_ reloads: PendingReloads, _ handOn: (DecodedRouting, Int) -> Void) {
        var store = store
        var reports = WatchFailureLog(logger: logger)
        var isFirst = true
        var watcher = makeWatcher(reporting: &reports)

        var ignoringIdentity = false
        // The last request to read again that a look has served.
        var request = 0
        while true {
            if ignoringIdentity { request = reloads.last }
            var outcome = store.refresh(ignoringIdentity: ignoringIdentity)
            // A file made between the look and the watch would go unseen: look again after a watch was added.
            var isChanged = outcome.isChanged || isFirst
            var looks = 0
            while looks < Self.looksLimit, Self.apply(outcome.plan, to: &watcher, reporting: &reports) {
                outcome = store.refresh()
                isChanged = isChanged || outcome.isChanged
                looks += 1
            }
            if isChanged || ignoringIdentity { handOn(outcome.routing, request) }
            isFirst = false
            switch Self.wait(watcher, signals, atMost: outcome.isIncomplete ? Self.retryTime : -1) {
            case .stop: return
            case .reload: ignoringIdentity = true
            case .changed: ignoringIdentity = false
            }
        }
    }

    private func makeWatcher(reporting reports: inout WatchFailureLog) -> DirectoryWatcher? {
        guard watches else { return nil }
        do throws(SystemError) {
            return try DirectoryWatcher(signals: signals)
        } catch {
            reports.cannotWatch(error)
            return nil
        }
    }

    private static func apply(
        _ plan: WatchPlan,
        to watcher: inout DirectoryWatcher?,
        reporting reports: inout WatchFailureLog
    ) -> Bool {
        do throws(SystemError) {
            return try watcher?.apply(plan) ?? false
        } catch {
            reports.cannotWatch(error)
            return false
        }
    }

    private static func wait(
        _ watcher: borrowing DirectoryWatcher?, _ signals: WakePipe, atMost limit: Int32
    ) -> DirectoryWatcher.Wake {
        switch watcher {
        case .some(let watcher): watcher.wait(atMost: limit)
        case .none: signals.wait(atMost: limit)
        }
    }
}
