/// An answer that a middleware wants whole before it goes on.
final class HeldAnswer {
    /// Place of the middleware in the chain.
    var index: Int
    /// Longest body, in bytes; nil: no bound.
    var limit: Int?
    let spool: Spool
    /// What of the file was sent.
    var sent = 0
    /// Whether sending waits for the client.
    var isWaiting = false

    init(index: Int, limit: Int?, spool: Spool) {
        self.index = index
        self.limit = limit
        self.spool = spool
    }

    var isTooLong: Bool { limit.map { spool.count > $0 } ?? false }
}
