/// Why an object could not be built; the text is shown in the API and in the log.
package struct CompilationFailure: Error, Equatable, Sendable {
    package let reason: String
    var remedy: Remedy?
    /// Whether the object asks for something this version does not have, rather than being wrong.
    var isUnavailable = false
    /// Whether it is one of a router's middlewares that cannot be had.
    var isOfMiddleware = false
    /// Whether a server's URL can be read but leads nowhere: the other servers of the service need not suffer.
    package var sparesOtherServers = false

    init(_ reason: String, remedy: Remedy? = nil) {
        self.reason = reason
        self.remedy = remedy
    }

    /// The object is right but asks for something this version does not do.
    static func unavailable(_ feature: String) -> CompilationFailure {
        var failure = CompilationFailure("\(feature) is not available in this version")
        failure.isUnavailable = true
        return failure
    }

    /// The same failure of files that changed, where what they held before is kept.
    var survived: CompilationFailure {
        CompilationFailure("\(reason); what was read before stays in force", remedy: remedy)
    }

    /// The same failure, seen by something that uses the object.
    func wrapped(_ prefix: String) -> CompilationFailure {
        var failure = CompilationFailure(prefix + reason, remedy: remedy)
        failure.isUnavailable = isUnavailable
        return failure
    }
}
