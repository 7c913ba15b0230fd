/// A replacement text in Go's expansion syntax: `$1`, `${1}`, `$name`, `${name}`, and `$$` for a dollar sign.
///
/// A name without braces is as long as it can be: `$1x` is the group called `1x`, not group 1 and an `x`. A group
/// that does not exist or took no part stands for nothing, and a dollar sign that begins none of these forms stands
/// for itself.
package struct ReplacementTemplate: Sendable {
    /// A piece of the text.
    enum Part: Sendable, Equatable {
        case literal([UInt8])
        case group(Int)
    }

    let parts: [Part]

    /// Reads `text`; groups are those of `expression`.
    package init(_ text: String, for expression: RegularExpression) {
        var parts: [Part] = []
        var literal: [UInt8] = []
        var rest = Substring(text)
        while let dollar = rest.firstIndex(of: "$") {
            literal.append(contentsOf: rest[..<dollar].utf8)
            rest = rest[rest.index(after: dollar)...]
            if rest.first == "$" {
                literal.append(UInt8(ascii: "$"))
                rest.removeFirst()
            } else if let name = Self.takeName(from: &rest) {
                guard let group = Self.group(name, in: expression) else { continue }
                if !literal.isEmpty { parts.append(.literal(literal)) }
                literal = []
                parts.append(.group(group))
            } else {
                literal.append(UInt8(ascii: "$"))
            }
        }
        literal.append(contentsOf: rest.utf8)
        if !literal.isEmpty { parts.append(.literal(literal)) }
        self.parts = parts
    }

    /// Takes the group name after a dollar sign off `rest`; nil, and nothing taken, when there is none.
    private static func takeName(from rest: inout Substring) -> Substring? {
        var tail = rest
        let braced = tail.first == "{"
        if braced { tail.removeFirst() }
        let scalars = tail.unicodeScalars
        let end = scalars.firstIndex { !isNameScalar($0) } ?? scalars.endIndex
        let name = tail[..<end]
        guard !name.isEmpty else { return nil }
        tail = tail[end...]
        if braced {
            guard tail.first == "}" else { return nil }
            tail.removeFirst()
        }
        rest = tail
        return name
    }

    private static func isNameScalar(_ scalar: Unicode.Scalar) -> Bool {
        if scalar == "_" { return true }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber:
            return true
        default: return false
        }
    }

    /// The number of the group called so; nil when the expression has no such group.
    private static func group(_ name: Substring, in expression: RegularExpression) -> Int? {
        let isNumber = name.utf8.allSatisfy { $0 &- 0x30 < 10 } && !(name.hasPrefix("0") && name.utf8.count > 1)
        // Go takes numbers of nine digits and more for names.
        if isNumber, name.utf8.count < 9, let number = Int(name) {
            return number <= expression.groupCount ? number : nil
        }
        return expression.groupNumber(named: String(name))
    }
}
