import Logging

/// Tells once that changes cannot be seen: it does not change from one look to the next. What is wrong with the files themselves
/// goes along with the configuration and is told by whoever puts that in force.
struct WatchFailureLog {
    private let logger: Logger
    private var isTold = false

    init(logger: Logger) { self.logger = logger }

    /// The system allows no further watches: configuration is served, changes are seen on `reload()` only.
    mutating func cannotWatch(_ error: SystemError) {
        guard !isTold else { return }
        isTold = true
        logger.error(
            """
            Configuration files cannot be watched for changes: \(error); raise fs.inotify.max_user_watches and \
            fs.inotify.max_user_instances, or send SIGHUP after a change
            """,
            metadata: ["providerName": "file"]
        )
    }
}
