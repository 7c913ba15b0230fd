import NIOCore

/// How long to wait before the next attempt to connect: 25 ms at first, doubled each time up to 1 s, and up to a half of it less so
/// that many connections do not come back at the same moment.
struct RedisBackoff {
    private static let shortest: Int64 = 25_000_000
    private static let longest: Int64 = 1_000_000_000
    private var delay = shortest

    mutating func next() -> TimeAmount {
        let jittered = delay - Int64.random(in: 0...(delay / 2))
        delay = min(delay * 2, Self.longest)
        return .nanoseconds(jittered)
    }

    mutating func reset() { delay = Self.shortest }
}
