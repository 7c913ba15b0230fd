/// Why something of TLS cannot be used. Whatever names it is refused: nothing is ever served with less protection instead.
package struct TLSFailure: Error, Equatable, Sendable {
    /// For the API and the log; never holds content of keys or certificates.
    package let reason: String
    /// What to do about it, for the log.
    package let remedy: String?

    package init(_ reason: String, remedy: String? = nil) {
        self.reason = reason
        self.remedy = remedy
    }

    /// The same failure, seen by something that uses what failed.
    package func wrapped(_ prefix: String) -> TLSFailure { TLSFailure(prefix + reason, remedy: remedy) }
}
