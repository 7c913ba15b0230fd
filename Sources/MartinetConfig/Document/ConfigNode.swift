/// Where something stood in a source. Line and column count from 1; 0 means unknown.
package struct SourcePosition: Sendable, Hashable, CustomStringConvertible {
    package var file: String
    package var line: Int
    package var column: Int

    package init(file: String, line: Int = 0, column: Int = 0) {
        self.file = file
        self.line = line
        self.column = column
    }

    package var description: String {
        guard line > 0 else { return file }
        return column > 0 ? "\(file):\(line):\(column)" : "\(file):\(line)"
    }
}

/// One value of a YAML, TOML or JSON document, of flags or of environment variables, before it has a type.
package struct ConfigNode: Sendable {
    package struct Member: Sendable {
        package var key: String
        package var position: SourcePosition
        package var value: ConfigNode
    }

    package indirect enum Kind: Sendable {
        case null
        /// `quoted` tells the text `"true"` from the word `true`.
        case scalar(String, quoted: Bool)
        case list([ConfigNode])
        /// In the order of the source; keys are unique.
        case map([Member])
    }

    package var kind: Kind
    package var position: SourcePosition

    package init(_ kind: Kind, at position: SourcePosition) {
        self.kind = kind
        self.position = position
    }

    package var typeName: String {
        switch kind {
        case .null: "nothing"
        case .scalar(let text, let quoted): quoted ? "the text \"\(text)\"" : text.isEmpty ? "nothing" : "\"\(text)\""
        case .list: "a list"
        case .map: "a section"
        }
    }

    package subscript(key: String) -> ConfigNode? {
        guard case .map(let members) = kind else { return nil }
        return members.first { $0.key == key }?.value
    }
}
