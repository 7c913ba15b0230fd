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
        windowUpdates.give(bytes: 2 &* bytes)
    }

    mutating func opened() { control.give(2) }
}
