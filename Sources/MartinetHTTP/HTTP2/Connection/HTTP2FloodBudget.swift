/// What the peer of one connection may still cost (see ``HTTP2Limits``).
struct HTTP2FloodBudget {
    /// What was written for the peer and may still lie in our memory, for want of a peer that reads.
    private struct Unsent {
        /// Frames that the peer made us send.
        var replies = 0
        /// Answers that were written to their end. Their streams are closed, so nothing else counts them.
        var answers = 0
    }

    private var resets: TokenBucket
    private var control: TokenBucket
    private var windowUpdates: TokenBucket
    private var tiny: TokenBucket
    private let maxQueuedReplies: Int
    private let maxQueuedAnswers: Int
    private var unsent = Unsent()
    /// The part of it that lies before the mark in the output.
    private var marked = Unsent()
    private var now: UInt64?

    init(_ limits: HTTP2Limits) {
        resets = TokenBucket(limits.resets, extra: 2 &* limits.maxConcurrentStreams)
        control = TokenBucket(limits.controlFrames)
        windowUpdates = TokenBucket(limits.windowUpdates)
        tiny = TokenBucket(limits.tinyData)
        maxQueuedReplies = limits.maxQueuedReplies
        maxQueuedAnswers = 2 &* limits.maxConcurrentStreams
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
        unsent.replies &+= 1
        guard unsent.replies &+ marked.replies <= maxQueuedReplies else {
            throw .connection(.enhanceYourCalm, "the peer does not read our answers")
        }
    }

    /// An answer is queued to its end.
    mutating func answered() { unsent.answers &+= 1 }

    /// Whether so many answers are queued that another request is refused. The streams of a client that keeps to our limit are open,
    /// as it sees them, until it has read how they end; so only one that does not read gets there.
    var owesTooMuch: Bool { unsent.answers &+ marked.answers > maxQueuedAnswers }

    /// All that was queued has left.
    mutating func allSent() {
        unsent = Unsent()
        marked = Unsent()
    }

    /// Marks the end of what is queued; false when there is no need to. One mark at a time, until ``markedSent()``.
    mutating func mark() -> Bool {
        guard unsent.replies > 0 || unsent.answers > 0 else { return false }
        marked = unsent
        unsent = Unsent()
        return true
    }

    mutating func markedSent() { marked = Unsent() }

    mutating func received(_ bytes: Int) { control.give(bytes: bytes) }

    mutating func sent(_ bytes: Int) {
        control.give(bytes: bytes)
        windowUpdates.give(bytes: 2 &* bytes)
    }

    mutating func opened() { control.give(2) }
}
