import MartinetHTTP

/// What of a request's body its head announces to a server over HTTP/1, and whether the server has had it.
///
/// No more than was announced is ever written, for the server would take it for the next request.
struct OutgoingBody {
    /// Whether pieces are sent as chunks (RFC 9112 §7.1).
    private(set) var isChunked: Bool
    /// Whether the whole request was written: only then may the connection be used again.
    private(set) var isComplete = false
    /// Bytes that were announced and are not written yet; `max` without a bound.
    private var unsent: UInt64
    /// Somebody wanted to write more: a fault of ours, after which the connection serves no other request.
    private var isOverrun = false

    /// `untilClose` is a tunnel's: everything may be written, and nothing follows.
    init(_ framing: BodyFraming) {
        isChunked = framing == .chunked
        unsent =
            switch framing {
            case .length(let length): length
            case .none: 0
            case .chunked, .untilClose: .max
            }
    }

    /// Counts a piece that is to be written without a frame; false when it must not be.
    mutating func admits(_ bytes: Int) -> Bool {
        guard unsent < .max else { return true }
        let count = UInt64(bytes)
        guard count <= unsent else {
            isOverrun = true
            unsent = 0
            return false
        }
        unsent -= count
        return true
    }

    /// The request is over. Returns whether a last chunk has to say so.
    mutating func finish() -> Bool {
        isComplete = isChunked || unsent == 0 && !isOverrun
        defer { isChunked = false }
        return isChunked
    }
}
