/// Connections to be given up for new ones: those that are over anyway, then the one that has waited longest. A struct without I/O.
///
/// Holds the oldest of those it was offered, a fixed number: looking for the oldest of all connections at each accept would cost more
/// than serving it.
struct DisplacementQueue {
    struct Candidate: Equatable {
        var connection: ObjectIdentifier
        /// What it was doing when it was offered; if it does something else now, it is none any more.
        var use: ConnectionUse
        fileprivate var since: UInt64
    }

    /// How many are found in one search.
    static let capacity = 64
    /// Nanoseconds a client may take for its first request before the connection may be given to another.
    static let patience: UInt64 = 2_000_000_000

    /// Youngest first.
    private var candidates: [Candidate] = []

    /// How many the last search found.
    private(set) var found = 0

    /// Before a new search.
    mutating func begin() {
        candidates.removeAll(keepingCapacity: true)
        found = 0
    }

    mutating func offer(_ connection: ObjectIdentifier, _ use: ConnectionUse, now: UInt64) {
        let since: UInt64
        switch use {
        case .busy: return
        // It has had its answer, however new it is.
        case .ending: since = 0
        case .idle(let start): since = start
        case .beginning(let start):
            guard now &- start >= Self.patience else { return }
            since = start
        }
        if candidates.count == Self.capacity {
            guard let youngest = candidates.first, since < youngest.since else { return }
            candidates.removeFirst()
        }
        let place = candidates.firstIndex { $0.since <= since } ?? candidates.count
        candidates.insert(Candidate(connection: connection, use: use, since: since), at: place)
        found = candidates.count
    }

    mutating func next() -> Candidate? {
        candidates.popLast()
    }

}
