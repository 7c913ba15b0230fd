import MartinetCore

/// Keeps the accounts of a `rateLimit`: in the memory of this process, or in a store that several share.
protocol RateLimiter: AnyObject, Sendable {
    /// Takes one request out of its source's bucket. ``RateVerdict/later``: the limiter has asked somebody and will call
    /// ``RateLimit/settle(_:_:)`` of `middleware`, on the event loop of the exchange, once.
    func take(_ exchange: Exchange, for middleware: RateLimit) -> RateVerdict
}

/// What a limiter says to a request.
enum RateVerdict: Sendable, Equatable {
    case admit
    /// Admitted, but to be held back so many nanoseconds.
    case delay(UInt64)
    /// Refused; there would be room in so many nanoseconds.
    case refuse(retryIn: UInt64)
    /// Refused: the bucket will never be large enough.
    case impossible
    /// The account could not be kept.
    case failed
    case later
}
