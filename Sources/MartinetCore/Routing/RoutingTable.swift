package import MartinetHTTP

/// The routers of an entry point: gives the one that serves a request.
///
/// What a look-up costs depends on the routers that name the request's host and a prefix of its path, not on how many
/// there are; see ``RoutingIndex``. Immutable: a new configuration makes a new table, and connections take it at
/// their next request.
package final class RoutingTable<Payload: Sendable>: Sendable {
    /// In order of precedence.
    private let payloads: [Payload]
    private let index: RoutingIndex

    /// Files `entries`, which may come in any order.
    package init(_ entries: [RouteEntry<Payload>]) {
        let sorted = Self.isSorted(entries) ? entries : entries.sorted { $0.precedes($1) }
        payloads = sorted.map { $0.payload }
        index = RoutingIndex(sorted.map { $0.rule })
    }

    private static func isSorted(_ entries: [RouteEntry<Payload>]) -> Bool {
        for index in entries.indices.dropFirst() where entries[index].precedes(entries[index - 1]) { return false }
        return true
    }

    /// A table that matches nothing.
    package convenience init() { self.init([]) }

    package var count: Int { payloads.count }

    /// The payload of the first router, by precedence, whose rule the request fulfils.
    ///
    /// - Parameters:
    ///   - host: in lower case, without port, brackets and trailing dot; empty when the request names none.
    ///   - path: the routing path: escapes decoded save those of reserved characters.
    ///   - peer: the TCP peer.
    package func match(
        _ request: borrowing RequestHead,
        host: UnsafeRawBufferPointer,
        path: UnsafeRawBufferPointer,
        peer: IPAddress
    ) -> Payload? {
        guard let found = index.match(request, RuleSubject(host: host, path: path, peer: peer)) else { return nil }
        return payloads[found]
    }
}
