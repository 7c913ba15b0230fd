/// Reads conditions: `||` binds loosest, then `&&`, then comparisons; parentheses group.
struct ConditionParser<Vocabulary: ConditionVocabulary> {
    private typealias Node = Condition<Vocabulary>.Node

    /// What an operand may be before it has become a condition.
    private enum Operand {
        case condition(Node)
        case figure(Vocabulary.Figure, ConditionType)
        case literal(ConditionValue)
    }

    /// Bounds the stack that a hostile expression can make us use.
    private static var deepestNesting: Int { 64 }
    /// Longest expression in characters.
    private static var longest: Int { 16_384 }

    private var lexer: ConditionLexer
    private var token = ConditionToken.end
    private var position = 1
    private var depth = 0

    init(_ text: String) throws(ConditionError) {
        guard text.unicodeScalars.count <= Self.longest else {
            throw ConditionError("the expression is longer than \(Self.longest) characters")
        }
        lexer = ConditionLexer(text)
        (token, position) = try lexer.next()
    }

    mutating func parse() throws(ConditionError) -> Condition<Vocabulary>.Node {
        guard token != .end else { throw ConditionError("the expression is empty") }
        let operand = try parseAny()
        guard token == .end else { throw unexpected() }
        return try condition(operand, at: 1)
    }

    // MARK: Grammar

    private mutating func parseAny() throws(ConditionError) -> Operand {
        let start = position
        var left = try parseAll()
        while token == .or {
            try advance()
            let next = position
            left = .condition(.any(try condition(left, at: start), try condition(try parseAll(), at: next)))
        }
        return left
    }

    private mutating func parseAll() throws(ConditionError) -> Operand {
        let start = position
        var left = try parseComparison()
        while token == .and {
            try advance()
            let next = position
            left = .condition(.all(try condition(left, at: start), try condition(try parseComparison(), at: next)))
        }
        return left
    }

    private mutating func parseComparison() throws(ConditionError) -> Operand {
        var left = try parseOperand()
        while case .comparison(let comparison) = token {
            let place = position
            try advance()
            let right = try parseOperand()
            left = .condition(try compare(left, comparison, right, at: place))
        }
        return left
    }

    private mutating func parseOperand() throws(ConditionError) -> Operand {
        switch token {
        case .literal(let value):
            try advance()
            return .literal(value)
        case .open:
            guard depth < Self.deepestNesting else {
                throw ConditionError("parentheses are nested too deep", at: position)
            }
            depth += 1
            try advance()
            let inner = try parseAny()
            try expect(.close)
            depth -= 1
            return inner
        case .name(let name):
            return try parseCall(name)
        case .not:
            throw ConditionError("\"!\" is not supported", at: position)
        case .comparison, .and, .or, .close, .comma, .end:
            throw unexpected()
        }
    }

    private mutating func parseCall(_ name: String) throws(ConditionError) -> Operand {
        let place = position
        try advance()
        guard token == .open else {
            throw ConditionError("\(name) is not defined, functions are called with ()", at: place)
        }
        try advance()
        var arguments: [ConditionValue] = []
        while token != .close {
            guard case .literal(let value) = token else { throw unexpected() }
            arguments.append(value)
            try advance()
            guard token == .comma else { break }
            try advance()
        }
        try expect(.close)
        do throws(ConditionError) {
            guard let (figure, type) = try Vocabulary.figure(name, arguments) else {
                throw ConditionError(
                    "unsupported function: \(name); there are \(Vocabulary.names.joined(separator: ", "))")
            }
            return .figure(figure, type)
        } catch {
            throw ConditionError(error.reason, at: place)
        }
    }

    // MARK: Types

    private func condition(_ operand: Operand, at place: Int) throws(ConditionError) -> Condition<Vocabulary>.Node {
        switch operand {
        case .condition(let node): return node
        case .figure(let figure, .flag): return .test(figure)
        case .figure(_, let type):
            throw ConditionError("a comparison is expected, this is \(type.rawValue)", at: place)
        case .literal: throw ConditionError("a comparison is expected, this is a literal", at: place)
        }
    }

    private func compare(
        _ left: Operand, _ comparison: ConditionOperator, _ right: Operand, at place: Int
    ) throws(ConditionError) -> Condition<Vocabulary>.Node {
        guard case .figure(let figure, let type) = left, type != .flag, !(type == .text && comparison.ordersOnly) else {
            throw ConditionError("\"\(comparison.rawValue)\" cannot compare what is to its left", at: place)
        }
        guard case .literal(let value) = right, value.type == type else {
            throw ConditionError("\"\(comparison.rawValue)\" expects \(type.rawValue) to its right", at: place)
        }
        return .compare(figure, comparison, value)
    }

    // MARK: Words

    private mutating func advance() throws(ConditionError) { (token, position) = try lexer.next() }

    private mutating func expect(_ expected: ConditionToken) throws(ConditionError) {
        guard token == expected else {
            throw ConditionError("\(expected.text) is expected, not \(token.text)", at: position)
        }
        try advance()
    }

    private func unexpected() -> ConditionError { ConditionError("unexpected \(token.text)", at: position) }
}
