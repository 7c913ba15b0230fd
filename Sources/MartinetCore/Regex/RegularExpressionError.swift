/// Why a pattern was refused.
package struct RegularExpressionError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The pattern as it was configured.
    package let pattern: String
    /// RE2's own words, such as `missing ): (a`.
    package let reason: String

    package init(pattern: String, reason: String) {
        self.pattern = pattern
        self.reason = reason
    }

    package var description: String { "invalid regular expression `\(pattern)`: \(reason)" }
}
