/// Which connections to one origin are free on one event loop. A struct without I/O: events in, decisions out.
///
/// ```
///            lease: connect            release: keep
///   (none) ────────────────► leased ◄──────────────► idle ──► closed (expired, died, over the limit)
/// ```
///
/// The connection freed last is leased first: it is the least likely to have been closed by the server meanwhile, and the ones
/// not needed grow old and go.
struct IdlePool<Connection: AnyObject> {
    private struct Idle {
        var connection: Connection
        /// Uptime in nanoseconds when it was freed.
        var since: UInt64
    }

    enum Lease {
        case reuse(Connection)
        case connect
    }

    enum Release: Equatable {
        case keep, close
    }

    /// Oldest first.
    private var idle: [Idle] = []
    /// Most connections kept; further ones are closed when freed.
    let capacity: Int
    /// How long one is kept, in nanoseconds; 0 for ever.
    let timeout: UInt64

    init(capacity: Int, timeout: UInt64) {
        self.capacity = capacity
        self.timeout = timeout
    }

    var idleCount: Int { idle.count }

    /// A request needs a connection. `fresh` refuses used ones, after one of them failed.
    mutating func lease(fresh: Bool) -> Lease {
        guard !fresh, let last = idle.popLast() else { return .connect }
        return .reuse(last.connection)
    }

    /// A request is through with its connection and left it in good order.
    mutating func release(_ connection: Connection, now: UInt64) -> Release {
        guard idle.count < capacity else { return .close }
        idle.append(Idle(connection: connection, since: now))
        return .keep
    }

    /// A free connection was closed by the server or spoke out of turn.
    mutating func remove(_ connection: Connection) {
        idle.removeAll { $0.connection === connection }
    }

    /// The connections to close because they were free too long.
    mutating func expire(now: UInt64) -> [Connection] {
        timeout > 0 ? expire(now: now, after: timeout) : []
    }

    /// The connections that were free for so many nanoseconds.
    mutating func expire(now: UInt64, after limit: UInt64) -> [Connection] {
        // Freed in this very moment, by a clock that is a little ahead of the caller's.
        func isOld(_ connection: Idle) -> Bool {
            connection.since > now ? limit == 0 : now &- connection.since >= limit
        }
        guard let first = idle.first, isOld(first) else { return [] }
        let count = idle.firstIndex { !isOld($0) } ?? idle.count
        let expired = idle[..<count].map(\.connection)
        idle.removeFirst(count)
        return expired
    }

    /// Everything, to be closed.
    mutating func drain() -> [Connection] {
        defer { idle.removeAll() }
        return idle.map(\.connection)
    }
}
