package import MartinetHTTP
package import NIOCore

/// A request as a service saw it, for sending it once more: to another service, or to mirrors.
///
/// The body is collected as it passes, up to a limit and as far as the loop's budget goes; one that lies whole in memory or in a file
/// when the request is over is taken from there. Lives on the event loop of its request.
package final class RequestCopy {
    package let head: RequestHead
    /// Greatest body, in bytes; nil for no limit but the budget's. Zero for copies that go without their body.
    private let limit: Int?
    private let budget: BodyBudget?
    private var reserved = 0
    private var collected: ByteBuffer?
    /// Whether the body was longer than it may be; nothing of it is kept then.
    package private(set) var isCutShort = false
    /// Whether the body is wanted at all.
    package let takesBody: Bool

    /// A copy without a body.
    package init(head: consuming RequestHead) {
        self.head = head
        limit = 0
        budget = nil
        takesBody = false
    }

    package init(head: consuming RequestHead, limit: Int?, budget: BodyBudget) {
        self.head = head
        self.limit = limit
        self.budget = budget
        takesBody = true
    }

    deinit { budget?.release(reserved) }

    /// The body, once it has ended.
    package var body: ByteBuffer { collected ?? ByteBuffer() }

    /// Whether a body of so many bytes is one to copy. Whether the budget has room for it is another question.
    package func admits(_ count: Int) -> Bool { takesBody && count <= limit ?? .max }

    /// Takes the next piece of the body along.
    package func append(_ piece: ByteBuffer) {
        guard takesBody, !isCutShort else { return }
        let count = piece.readableBytes
        guard admits(reserved + count), let budget, budget.reserve(count) else {
            isCutShort = true
            forget()
            return
        }
        reserved += count
        if collected == nil { collected = piece } else { collected?.writeImmutableBuffer(piece) }
    }

    /// The whole body has turned up; it takes the place of what was collected.
    package func replace(with whole: ByteBuffer) {
        isCutShort = false
        forget()
        append(whole)
    }

    /// Gives up what was collected.
    package func forget() {
        collected = nil
        budget?.release(reserved)
        reserved = 0
    }
}
