import Logging
import NIOCore
import Synchronization

/// Tells the log when servers cannot be used, and when they can again: once for all connections, and not more often than every ten
/// seconds where the one follows the other.
final class RedisHealth: Sendable {
    private let logger: Logger
    private let user: String
    private let isAway = Atomic<Bool>(false)
    /// Whether the log says so.
    private let isTold = Atomic<Bool>(false)
    /// When it was told last, in nanoseconds.
    private let told = Atomic<UInt64>(0)
    private static let pause: UInt64 = 10_000_000_000

    /// `user`: who uses the connections, for the log.
    init(logger: Logger, user: String) {
        self.logger = logger
        self.user = user
    }

    func isAway(_ target: RedisTarget, _ error: RedisError) {
        isAway.store(true, ordering: .relaxed)
        guard !isTold.load(ordering: .relaxed) else { return }
        let now = NIODeadline.now().uptimeNanoseconds
        let last = told.load(ordering: .relaxed)
        guard last == 0 || now &- last >= Self.pause, !isTold.exchange(true, ordering: .relaxed) else { return }
        told.store(now, ordering: .relaxed)
        logger.error(
            "Redis cannot be used", metadata: ["server": "\(target)", "error": "\(error)", "user": "\(user)"])
    }

    func isBack(_ target: RedisTarget) {
        guard isAway.load(ordering: .relaxed), isAway.exchange(false, ordering: .relaxed),
            isTold.exchange(false, ordering: .relaxed)
        else { return }
        logger.info("Redis can be used again", metadata: ["server": "\(target)", "user": "\(user)"])
    }
}
