import Logging
import Synchronization

/// Tells the log when servers go away and come back: once for all connections, not once for each.
final class RedisHealth: Sendable {
    private let logger: Logger
    private let user: String
    private let isAway = Atomic<Bool>(false)

    /// `user`: who uses the connections, for the log.
    init(logger: Logger, user: String) {
        self.logger = logger
        self.user = user
    }

    func isAway(_ target: RedisTarget, _ error: RedisError) {
        guard !isAway.exchange(true, ordering: .relaxed) else { return }
        logger.error(
            "Redis cannot be used", metadata: ["server": "\(target)", "error": "\(error)", "user": "\(user)"])
    }

    func isBack(_ target: RedisTarget) {
        guard isAway.exchange(false, ordering: .relaxed) else { return }
        logger.info("Redis can be used again", metadata: ["server": "\(target)", "user": "\(user)"])
    }
}
