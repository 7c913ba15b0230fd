package import MartinetHTTP
package import NIOCore

/// A request as a service saw it, for sending it once more: to another service, or to mirrors.
///
/// The body is collected as it passes, up to a limit and as far as the loop's budget goes. Lives on the event loop of its request.
package final class RequestCopy {
    package let head: RequestHead
    /// Greatest body, in bytes; nil for no limit but the budget's. Zero for copies that go without their body.
    private let limit: Int?
    private let budget: CopyBudget?
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

    package init(head: consuming RequestHead, limit: Int?, budget: CopyBudget) {
        self.head = head
        self.limit = limit
        self.budget = budget
        takesBody = true
    }

    deinit { budget?.release(reserved) }

    /// The body, once it has ended.
    package var body: ByteBuffer { collected ?? ByteBuffer() }

    /// Takes the next piece of the body along.
    package func append(_ piece: ByteBuffer) {
        guard takesBody, !isCutShort else { return }
        let count = piece.readableBytes
        guard reserved + count <= limit ?? .max, let budget, budget.reserve(count) else {
            isCutShort = true
            collected = nil
            budget?.release(reserved)
            reserved = 0
            return
        }
        reserved += count
        if collected == nil { collected = piece } else { collected?.writeImmutableBuffer(piece) }
    }
}

/// How much memory the copies of one event loop may take together.
package final class CopyBudget {
    /// Default 64 MiB.
    package let limit: Int
    package private(set) var used = 0

    package init(limit: Int = 64 << 20) {
        self.limit = limit
    }

    package func reserve(_ count: Int) -> Bool {
        guard count <= limit - used else { return false }
        used += count
        return true
    }

    package func release(_ count: Int) { used -= count }
}
