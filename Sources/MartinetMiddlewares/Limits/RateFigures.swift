/// How fast a bucket fills and how much it holds: Traefik's figures made of `average`, `period` and `burst`.
struct RateFigures: Sendable, Equatable {
    /// Nanoseconds one request takes out of a bucket, 1 or more.
    let interval: UInt64
    /// Nanoseconds that a full bucket holds.
    let depth: UInt64
    /// Longest time in nanoseconds a request is held back rather than refused: half an interval, but not more than half a second.
    let longestDelay: UInt64

    private static let deepest: UInt64 = 4_000_000_000_000_000_000

    /// - Parameters:
    ///   - average: requests in a period, 1 or more.
    ///   - period: nanoseconds, 1 or more.
    init(average: Int, period: Int64, burst: Int) {
        let rate = Double(average) * 1e9 / Double(period)
        // Beyond a thousand million a second the clock is not fine enough to tell.
        let exact = max(1, 1e9 / rate)
        interval = UInt64(min(exact.rounded(), 1e18))
        // Of whole intervals, so that a burst fits exactly.
        let (product, overflows) = interval.multipliedReportingOverflow(by: UInt64(max(1, burst)))
        depth = overflows ? Self.deepest : min(product, Self.deepest)
        longestDelay = rate < 1 ? 500_000_000 : 1_000_000_000 / (UInt64(min(rate, 1e9)) * 2)
    }
}
