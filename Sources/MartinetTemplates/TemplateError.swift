/// Why a template cannot be read or rendered, and where.
package struct TemplateError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Counts from 1.
    package var line: Int
    /// In bytes, counts from 1.
    package var column: Int
    /// Names the piece of the template it is about, as Go's messages do.
    package var reason: String
    package var remedy: String?

    package init(line: Int, column: Int, reason: String, remedy: String? = nil) {
        self.line = line
        self.column = column
        self.reason = reason
        self.remedy = remedy
    }

    package var description: String { "\(line):\(column): \(reason)" + (remedy.map { "; \($0)" } ?? "") }
}

/// Why a function or an operation failed; whoever evaluates it adds the place.
struct Failure: Error {
    var reason: String
    var remedy: String?

    init(_ reason: String, remedy: String? = nil) {
        self.reason = reason
        self.remedy = remedy
    }
}
