extension Array: OptionValue where Element: OptionValue {
    package static var typeName: String { "a list of \(Element.typeName)" }
    package static var shape: OptionShape { .list(of: Element.self) }

    package static func decode(_ node: ConfigNode, at path: String, _ context: inout DecodingContext) -> [Element]? {
        switch node.kind {
        case .null:
            return []
        case .list(let items):
            var values: [Element] = []
            values.reserveCapacity(items.count)
            var complete = true
            for (index, item) in items.enumerated() {
                if let value = Element.decode(Self.trimmed(item), at: "\(path)[\(index)]", &context) {
                    values.append(value)
                } else {
                    complete = false
                }
            }
            return complete ? values : nil
        case .scalar(let text, _):
            // `a, b`: how flags, variables and labels write lists.
            guard case .scalar = Element.shape else { return mismatch(node, at: path, &context) }
            var values: [Element] = []
            for part in text.split(separator: ",") {
                let item = ConfigNode(.scalar(String(part), quoted: true), at: node.position)
                guard let value = Element.decode(Self.trimmed(item), at: path, &context) else { return nil }
                values.append(value)
            }
            return values
        case .map:
            return mismatch(node, at: path, &context)
        }
    }

    /// Blanks around the words of a list do not count, however it is written, as in Traefik.
    private static func trimmed(_ node: ConfigNode) -> ConfigNode {
        guard case .scalar = Element.shape, case .scalar(let text, let quoted) = node.kind else { return node }
        let words = text.unicodeScalars
        guard words.first?.properties.isWhitespace == true || words.last?.properties.isWhitespace == true else {
            return node
        }
        let rest = words.drop { $0.properties.isWhitespace }
        let end = rest.lastIndex { !$0.properties.isWhitespace }.map(rest.index(after:)) ?? rest.startIndex
        return ConfigNode(.scalar(String(rest[..<end]), quoted: quoted), at: node.position)
    }

    package func encode() -> JSONValue? {
        isEmpty ? nil : .array(map { Optional($0).encode() ?? .null })
    }
}

extension Dictionary: OptionValue where Key == String, Value: OptionValue {
    package static var typeName: String { "names with \(Value.typeName)" }
    package static var shape: OptionShape { .map(of: Value.self) }

    package static func decode(_ node: ConfigNode, at path: String, _ context: inout DecodingContext) -> [String:
        Value]?
    {
        switch node.kind {
        case .null:
            return [:]
        case .map(let members):
            var values: [String: Value] = [:]
            values.reserveCapacity(members.count)
            var complete = true
            for member in members {
                if let value = Value.decode(member.value, at: "\(path).\(member.key)", &context) {
                    values[member.key] = value
                } else {
                    complete = false
                }
            }
            return complete ? values : nil
        case .scalar, .list:
            return mismatch(node, at: path, &context)
        }
    }

    package func encode() -> JSONValue? {
        guard !isEmpty else { return nil }
        return .object(sorted { $0.key < $1.key }.map { .init($0.key, $0.value.encode() ?? .object([])) })
    }
}

extension Optional: OptionValue where Wrapped: OptionValue {
    package static var typeName: String { Wrapped.typeName }
    package static var shape: OptionShape { .optional(Wrapped.self) }

    package static func decode(_ node: ConfigNode, at path: String, _ context: inout DecodingContext) -> Wrapped?? {
        if case .group = Wrapped.shape {
            // `docker: true` and a bare `docker:` switch a section on with its defaults, `false` leaves it off.
            switch node.kind {
            case .scalar("false", _): return .some(nil)
            default: break
            }
        } else if case .null = node.kind {
            return .some(nil)
        }
        guard let value = Wrapped.decode(node, at: path, &context) else { return nil }
        return .some(value)
    }

    /// What is present is shown even when it is 0, false or an empty section.
    package func encode() -> JSONValue? {
        guard let self else { return nil }
        if let value = self.encode() { return value }
        switch self {
        case is Bool: return .bool(false)
        case is Int: return .int(0)
        case is String: return .string("")
        default: return .object([])
        }
    }
}
