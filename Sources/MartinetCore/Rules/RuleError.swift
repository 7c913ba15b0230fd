/// Why a rule was refused: where, what is wrong, and what to write instead.
package struct RuleError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Byte of the rule where the trouble lies, counted from 1 over the whole text, line breaks included.
    package let column: Int
    package let reason: String
    /// What would be right; nil when there is nothing better to say.
    package let remedy: String?

    package init(column: Int, reason: String, remedy: String? = nil) {
        self.column = column
        self.reason = reason
        self.remedy = remedy
    }

    package var description: String {
        let place = "column \(column): \(reason)"
        return remedy.map { "\(place); \($0)" } ?? place
    }
}
