/// Counts down for each costly frame and up again with time and useful work.
struct TokenBucket {
    private let capacity: Int
    private let nanosecondsPerToken: UInt64
    private var tokens: Int
    private var spare: UInt64 = 0
    private var spareBytes = 0

    init(_ budget: HTTP2Limits.Budget, extra: Int = 0) {
        capacity = budget.burst &+ extra
        tokens = capacity
        nanosecondsPerToken = max(1, budget.nanosecondsPerToken)
    }

    /// Takes tokens; false when there were too few.
    mutating func take(_ count: Int = 1) -> Bool {
        guard tokens >= count else { return false }
        tokens &-= count
        return true
    }

    mutating func give(_ count: Int) { tokens = min(capacity, tokens &+ count) }

    /// One token for each 256 bytes.
    mutating func give(bytes: Int) {
        spareBytes &+= bytes
        give(spareBytes >> 8)
        spareBytes &= 255
    }

    mutating func elapse(_ nanoseconds: UInt64) {
        // An hour fills any bucket; more would only overflow.
        spare &+= min(nanoseconds, 3_600_000_000_000)
        let earned = spare / nanosecondsPerToken
        spare %= nanosecondsPerToken
        give(Int(truncatingIfNeeded: min(earned, UInt64(capacity))))
    }
}
