/// Why a middleware cannot be built from its options.
package struct MiddlewareError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong, naming the option.
    package let reason: String
    /// What to do about it.
    package let remedy: String?

    package init(_ reason: String, remedy: String? = nil) {
        self.reason = reason
        self.remedy = remedy
    }

    package var description: String { remedy.map { "\(reason); \($0)" } ?? reason }
}
