/// A type an option can have.
package protocol OptionValue: Sendable, Equatable {
    /// Reads a value. Reports what is wrong into `context` and returns nil.
    static func decode(_ node: ConfigNode, at path: String, _ context: inout DecodingContext) -> Self?
    /// The value in Traefik's JSON; nil to leave it out.
    func encode() -> JSONValue?
    /// For reference pages and messages: `duration`, `list of text`.
    static var typeName: String { get }
    /// The group this type is or holds, for walking the tree of options; nil for plain values.
    static var shape: OptionShape { get }
}

/// What stands below an option, for flags, environment and reference pages.
package enum OptionShape {
    case scalar
    case list(of: any OptionValue.Type)
    case map(of: any OptionValue.Type)
    case group(any OptionGroup.Type)
    /// A section that may be absent; given bare it is switched on with its defaults.
    case optional(any OptionValue.Type)
}

extension OptionValue {
    package static var shape: OptionShape { .scalar }

    static func mismatch(_ node: ConfigNode, at path: String, _ context: inout DecodingContext) -> Self? {
        context.error(path, at: node.position, "expected \(typeName), found \(node.typeName)")
        return nil
    }
}

extension ConfigNode {
    /// The text of a scalar.
    var scalarText: String? {
        if case .scalar(let text, _) = kind { return text }
        return nil
    }
}

extension Bool: OptionValue {
    package static var typeName: String { "true or false" }

    package static func decode(_ node: ConfigNode, at path: String, _ context: inout DecodingContext) -> Bool? {
        switch node.scalarText {
        case "1", "t", "T", "true", "TRUE", "True": true
        case "0", "f", "F", "false", "FALSE", "False", "": false
        default: mismatch(node, at: path, &context)
        }
    }

    package func encode() -> JSONValue? { self ? .bool(true) : nil }
}

extension Int: OptionValue {
    package static var typeName: String { "a whole number" }

    package static func decode(_ node: ConfigNode, at path: String, _ context: inout DecodingContext) -> Int? {
        guard let text = node.scalarText, let value = Int(text) else { return mismatch(node, at: path, &context) }
        return value
    }

    package func encode() -> JSONValue? { self == 0 ? nil : .int(Int64(self)) }
}

extension Double: OptionValue {
    package static var typeName: String { "a number" }

    package static func decode(_ node: ConfigNode, at path: String, _ context: inout DecodingContext) -> Double? {
        guard let text = node.scalarText, let value = Double(text), value.isFinite else {
            return mismatch(node, at: path, &context)
        }
        return value
    }

    package func encode() -> JSONValue? { self == 0 ? nil : .double(self) }
}

extension String: OptionValue {
    package static var typeName: String { "text" }

    package static func decode(_ node: ConfigNode, at path: String, _ context: inout DecodingContext) -> String? {
        switch node.kind {
        case .scalar(let text, _): text
        case .null: ""
        case .list, .map: mismatch(node, at: path, &context)
        }
    }

    package func encode() -> JSONValue? { isEmpty ? nil : .string(self) }
}
