/// A document that could not be read at all.
package struct DocumentError: Error, Sendable, CustomStringConvertible {
    package var position: SourcePosition
    package var reason: String
    package var remedy: String?

    package init(position: SourcePosition, reason: String, remedy: String? = nil) {
        self.position = position
        self.reason = reason
        self.remedy = remedy
    }

    package var diagnostic: Diagnostic { Diagnostic(path: "", position: position, reason: reason, remedy: remedy) }
    package var description: String { diagnostic.description }
}

package enum DocumentFormat: String, Sendable {
    case yaml, toml, json

    /// By a file name's ending; nil for one that is none of ours.
    package init?(fileName: String) {
        guard let dot = fileName.lastIndex(of: ".") else { return nil }
        switch fileName[fileName.index(after: dot)...].lowercased() {
        case "yaml", "yml": self = .yaml
        case "toml": self = .toml
        case "json": self = .json
        default: return nil
        }
    }
}

/// Reads a whole document. JSON is read as YAML, of which it is a part. Throws at the first thing that is no YAML or TOML.
package func parseDocument(_ text: String, format: DocumentFormat, file: String) throws(DocumentError) -> ConfigNode {
    switch format {
    case .yaml, .json: try YAMLDocument.parse(text, file: file)
    case .toml: try TOMLDocument.parse(text, file: file)
    }
}
