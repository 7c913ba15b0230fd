import NIOCore

/// What a loop gives up when the process has too much to do (`docs/overload.md`).
extension LoopContext {
    /// Nanoseconds for which a connection may be idle while there is pressure.
    static let idleUnderPressure: UInt64 = 2_000_000_000
    /// Nanoseconds between two searches of which the first found next to nothing.
    private static let searchInterval: UInt64 = 50_000_000
    /// Connections that may be looked at for each that is found: some microseconds.
    private static let searchCost = 256

    /// Closes connections that nobody is using, both to clients and to servers. Part of each sweep under pressure.
    func relieve(_ now: UInt64) {
        let patience = pressure >= .closing ? 0 : Self.idleUnderPressure
        var unused: [any ClientConnection] = []
        for connection in connections.values {
            if case .idle(let since) = connection.use, since <= now, now &- since >= patience {
                unused.append(connection)
            }
        }
        for connection in unused { connection.giveWay() }
        for pool in pools { pool?.expire(now: now, idleFor: patience) }
    }

    /// Gives up the connection of this loop that has waited longest for its client. Returns false if all are busy.
    func makeRoom() -> Bool {
        if displaceNext() { return true }
        let now = uptime
        // A search looks at every connection: not again at once when the last one was hardly worth it.
        let wasWorthIt = displaced.found > 0 && connections.count / displaced.found <= Self.searchCost
        guard wasWorthIt || now &- searchedAt >= Self.searchInterval else { return false }
        searchedAt = now
        displaced.begin()
        for (id, connection) in connections { displaced.offer(id, connection.use, now: now) }
        return displaceNext()
    }

    private func displaceNext() -> Bool {
        while let candidate = displaced.next() {
            guard let connection = connections[candidate.connection], connection.use == candidate.use else { continue }
            connection.giveWay()
            return true
        }
        return false
    }

    /// The system had no descriptor: frees those of idle connections to servers, at once. Returns whether there were any.
    func freeDescriptors() -> Bool {
        let now = uptime
        overload.noteShortage(now: now)
        return pools.reduce(false) { found, pool in pool?.expire(now: now, idleFor: 0) ?? false || found }
    }
}
