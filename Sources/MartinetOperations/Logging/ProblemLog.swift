package import Logging
package import MartinetConfig

/// Logs the problems of the routing configuration, each exactly once: not again while it persists, even if it moves to another
/// line, but again when it comes back. The one place that does; providers and the compiler only say what is wrong.
package struct ProblemLog {
    /// What makes two reports the same problem.
    private struct Identity: Hashable {
        let severity: Diagnostic.Severity
        let file: String?
        let path: String
        let reason: String

        init(_ diagnostic: Diagnostic) {
            severity = diagnostic.severity
            file = diagnostic.position?.file
            path = diagnostic.path
            reason = diagnostic.reason
        }
    }

    private let logger: Logger
    private var told: Set<Identity> = []

    package init(logger: Logger) { self.logger = logger }

    /// Logs those of `diagnostics`, all that is wrong at present, that were not among the last.
    package mutating func report(_ diagnostics: [Diagnostic]) {
        var present: Set<Identity> = []
        for diagnostic in diagnostics {
            let identity = Identity(diagnostic)
            guard present.insert(identity).inserted, !told.contains(identity) else { continue }
            logger.log(level: diagnostic.severity == .error ? .error : .warning, "\(diagnostic.description)")
        }
        told = present
    }
}
