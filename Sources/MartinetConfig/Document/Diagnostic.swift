/// One problem of a configuration: where, what, and what to do about it.
package struct Diagnostic: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Severity: String, Sendable {
        case error, warning
    }

    package var severity: Severity
    /// `http.middlewares.strip`, or empty for a whole file.
    package var path: String
    package var position: SourcePosition?
    package var reason: String
    package var remedy: String?

    package init(
        _ severity: Severity = .error, path: String, position: SourcePosition? = nil, reason: String,
        remedy: String? = nil
    ) {
        self.severity = severity
        self.path = path
        self.position = position
        self.reason = reason
        self.remedy = remedy
    }

    /// `dynamic.yml:12: http.middlewares.strip: unknown option "prefixs"; did you mean "prefixes"?`
    package var description: String {
        var text = position.map { "\($0): " } ?? ""
        if !path.isEmpty { text += path + ": " }
        text += reason
        if let remedy { text += "; " + remedy }
        return text
    }
}

/// Collects what is wrong while decoding goes on.
package struct DecodingContext: Sendable {
    package private(set) var diagnostics: [Diagnostic] = []

    package init() {}

    package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }

    package mutating func error(_ path: String, at position: SourcePosition?, _ reason: String, remedy: String? = nil) {
        diagnostics.append(Diagnostic(.error, path: path, position: position, reason: reason, remedy: remedy))
    }

    package mutating func warning(_ path: String, at position: SourcePosition?, _ reason: String, remedy: String? = nil)
    {
        diagnostics.append(Diagnostic(.warning, path: path, position: position, reason: reason, remedy: remedy))
    }

    package mutating func add(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }
}
