import MartinetCore

extension RuleExpression {
    /// Levels of nodes, a single call being one.
    var depth: Int {
        switch self {
        case .call: 1
        case .all(let parts), .any(let parts): 1 + (parts.map(\.depth).max() ?? 0)
        }
    }

    /// Every argument in it.
    var words: [String] {
        switch self {
        case .call(let call): call.arguments.map(\.text)
        case .all(let parts), .any(let parts): parts.flatMap(\.words)
        }
    }

    /// The tree as a rule.
    var text: String {
        switch self {
        case .call(let call):
            (call.negated ? "!" : "") + call.name
                + "(" + call.arguments.map { Self.quoted($0.text) }.joined(separator: ", ") + ")"
        case .all(let parts): parts.map(\.nestedText).joined(separator: " && ")
        case .any(let parts): parts.map(\.nestedText).joined(separator: " || ")
        }
    }

    private var nestedText: String {
        if case .call = self { return text }
        return "(" + text + ")"
    }

    private static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            if scalar.value >= 0x20, scalar.value < 0x7F, scalar != "\"", scalar != "\\" {
                out.unicodeScalars.append(scalar)
            } else {
                let digits = String(scalar.value, radix: 16)
                out += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
            }
        }
        return out + "\""
    }
}
