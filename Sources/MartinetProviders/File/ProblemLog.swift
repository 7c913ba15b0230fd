import Logging
import MartinetConfig

/// Logs problems of configuration files once: not again while they persist, but again when they come back.
struct ProblemLog {
    private let logger: Logger
    private var reported: Set<Diagnostic> = []
    private var saidCannotWatch = false

    init(logger: Logger) { self.logger = logger }

    /// Logs what was not there last time: problems of files, then those of single objects by path.
    mutating func report(_ routing: DecodedRouting) {
        let objects = routing.broken.sorted { $0.key < $1.key }.flatMap(\.value)
        let diagnostics = routing.problems + objects
        var present: Set<Diagnostic> = []
        for diagnostic in diagnostics where present.insert(diagnostic).inserted && !reported.contains(diagnostic) {
            logger.log(
                level: diagnostic.severity == .error ? .error : .warning,
                "Problem in a configuration file: \(diagnostic)",
                metadata: ["providerName": "file"]
            )
        }
        reported = present
    }

    /// The system allows no further watches: configuration is served, changes are seen on `reload()` only.
    mutating func cannotWatch(_ error: SystemError) {
        guard !saidCannotWatch else { return }
        saidCannotWatch = true
        logger.error(
            """
            Configuration files cannot be watched for changes: \(error); raise fs.inotify.max_user_watches and \
            fs.inotify.max_user_instances, or send SIGHUP after a change
            """,
            metadata: ["providerName": "file"]
        )
    }
}
