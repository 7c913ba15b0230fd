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

/// What the peer of one connection may still cost (see ``HTTP2Limits``).
struct HTTP2FloodBudget {
    private var resets: TokenBucket
    private var control: TokenBucket
    private var windowUpdates: TokenBucket
    private var tiny: TokenBucket
    private let maxQueuedReplies: Int
    private var queuedReplies = 0
    private var now: UInt64?

    init(_ limits: HTTP2Limits) {
        resets = TokenBucket(limits.resets, extra: 2 &* limits.maxConcurrentStreams)
        control = TokenBucket(limits.controlFrames)
        windowUpdates = TokenBucket(limits.windowUpdates)
        tiny = TokenBucket(limits.tinyData)
        maxQueuedReplies = limits.maxQueuedReplies
    }

    mutating func advance(to time: UInt64) {
        defer { now = time }
        guard let now, time > now else { return }
        resets.elapse(time - now)
        control.elapse(time - now)
        windowUpdates.elapse(time - now)
        tiny.elapse(time - now)
    }

    mutating func takeReset() throws(HTTP2Error) {
        guard resets.take() else { throw .connection(.enhanceYourCalm, "too many streams were reset") }
    }

    mutating func takeControl(_ count: Int = 1) throws(HTTP2Error) {
        guard control.take(count) else { throw .connection(.enhanceYourCalm, "too many control frames") }
    }

    mutating func takeWindowUpdate() throws(HTTP2Error) {
        guard windowUpdates.take() else { throw .connection(.enhanceYourCalm, "too many window updates") }
    }

    mutating func takeTiny() throws(HTTP2Error) {
        guard tiny.take() else { throw .connection(.enhanceYourCalm, "too many frames with little or no data") }
    }

    /// A frame is queued that the peer made us send.
    mutating func reply() throws(HTTP2Error) {
        queuedReplies &+= 1
        guard queuedReplies <= maxQueuedReplies else {
            throw .connection(.enhanceYourCalm, "the peer does not read our answers")
        }
    }

    mutating func repliesSent() { queuedReplies = 0 }

    mutating func received(_ bytes: Int) { control.give(bytes: bytes) }

    mutating func sent(_ bytes: Int) {
        control.give(bytes: bytes)
        windowUpdates.give(bytes: bytes)
    }

    mutating func opened() { control.give(2) }
}
