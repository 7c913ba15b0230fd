import MartinetHTTP

/// A request head as a middleware that may ask for another attempt saw it.
final class RequestSnapshot {
    /// Place of the middleware in the chain.
    let index: Int
    let head: RequestHead

    init(index: Int, head: consuming RequestHead) {
        self.index = index
        self.head = head
    }
}
