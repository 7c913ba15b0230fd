/// Reads the rule language: calls joined by `!`, `&&` and `||` with Go's precedence, and parentheses.
///
/// Nesting is bounded, so that a hostile label cannot exhaust the stack.
package struct RuleParser {
    /// Parentheses and negations that may enclose a call.
    package static let depthLimit = 200
    /// Bytes in a rule. The longest seen in the field list a few hundred hosts.
    package static let lengthLimit = 1024 * 1024

    private var lexer: RuleLexer
    private var token: RuleToken
    private var depth = 0

    private init(_ text: String) throws(RuleError) {
        lexer = RuleLexer(text)
        token = try lexer.next()
    }

    /// The tree of `text`. Serves HTTP and TCP rules alike.
    package static func parse(_ text: String) throws(RuleError) -> RuleExpression {
        guard text.utf8.count <= lengthLimit else {
            throw RuleError(column: 1, reason: "rule is longer than \(lengthLimit) bytes")
        }
        var parser = try RuleParser(text)
        if parser.token.kind == .end {
            throw RuleError(column: 1, reason: "rule is empty", remedy: "write a matcher such as Host(`example.com`)")
        }
        let expression = try parser.disjunction(negated: false)
        let stop = parser
        // Go takes one line break at the end of an expression, and blank lines behind it.
        if parser.token.kind == .lineBreak { try parser.advance() }
        guard parser.token.kind == .end else { throw stop.unexpected("`&&`, `||` or the end of the rule") }
        return expression
    }

    private mutating func advance() throws(RuleError) { token = try lexer.next() }

    private func unexpected(_ wanted: String) -> RuleError {
        var remedy: String?
        if token.kind == .lineBreak { remedy = "break lines after an operator, `(` or a comma" }
        return RuleError(column: token.column, reason: "expected \(wanted), found \(token.words)", remedy: remedy)
    }

    /// `a || b || …`; a negated one is the conjunction of the negated parts.
    private mutating func disjunction(negated: Bool) throws(RuleError) -> RuleExpression {
        var parts = [try conjunction(negated: negated)]
        while token.kind == .or {
            try advance()
            parts.append(try conjunction(negated: negated))
        }
        return Self.join(parts, asAny: !negated)
    }

    /// `a && b && …`; a negated one is the disjunction of the negated parts.
    private mutating func conjunction(negated: Bool) throws(RuleError) -> RuleExpression {
        var parts = [try unary(negated: negated)]
        while token.kind == .and {
            try advance()
            parts.append(try unary(negated: negated))
        }
        return Self.join(parts, asAny: negated)
    }

    private static func join(_ parts: [RuleExpression], asAny: Bool) -> RuleExpression {
        if parts.count == 1 { return parts[0] }
        var flat: [RuleExpression] = []
        flat.reserveCapacity(parts.count)
        for part in parts {
            switch (part, asAny) {
            case (.any(let inner), true), (.all(let inner), false): flat.append(contentsOf: inner)
            default: flat.append(part)
            }
        }
        return asAny ? .any(flat) : .all(flat)
    }

    private mutating func unary(negated: Bool) throws(RuleError) -> RuleExpression {
        switch token.kind {
        case .not, .open:
            guard depth < Self.depthLimit else {
                throw RuleError(column: token.column, reason: "nested deeper than \(Self.depthLimit) levels")
            }
            depth += 1
            defer { depth -= 1 }
            if token.kind == .not {
                try advance()
                return try unary(negated: !negated)
            }
            try advance()
            let inner = try disjunction(negated: negated)
            guard token.kind == .close else { throw unexpected("`)`") }
            try advance()
            return inner
        case .name(let name):
            return .call(try call(name, negated: negated))
        case .string:
            throw RuleError(
                column: token.column,
                reason: "a string stands alone",
                remedy: "wrap it in a matcher such as Host(`example.com`)"
            )
        default:
            throw unexpected("a matcher")
        }
    }

    private mutating func call(_ name: String, negated: Bool) throws(RuleError) -> RuleCall {
        let column = token.column
        try advance()
        guard token.kind == .open else {
            throw RuleError(column: column, reason: "`\(name)` has no arguments", remedy: "write \(name)(`…`)")
        }
        try advance()
        var arguments: [RuleCall.Argument] = []
        while token.kind != .close {
            guard case .string(let text) = token.kind else {
                throw unexpected("a string in backticks or double quotes")
            }
            arguments.append(RuleCall.Argument(text: text, column: token.column))
            try advance()
            guard token.kind == .comma else { break }
            try advance()
        }
        guard token.kind == .close else { throw unexpected("`,` or `)`") }
        try advance()
        return RuleCall(name: name, column: column, arguments: arguments, negated: negated)
    }
}
