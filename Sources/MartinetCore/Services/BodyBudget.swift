/// How much memory may be taken by all request bodies together that one event loop keeps for the same reason: for mirrors, or for
/// another attempt. Whoever gets nothing of it does without.
package final class BodyBudget {
    /// In bytes; default 64 MiB.
    package let limit: Int
    /// In bytes.
    package private(set) var used = 0

    package init(limit: Int = 64 << 20) {
        self.limit = limit
    }

    /// Takes `count` bytes of it; false, and nothing is taken, when there are not as many.
    package func reserve(_ count: Int) -> Bool {
        guard count <= limit - used else { return false }
        used += count
        return true
    }

    /// Gives back what was reserved.
    package func release(_ count: Int) { used -= count }
}
