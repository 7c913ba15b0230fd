/// From tokens to trees, as Go's `text/template/parse` does.
struct Parser {
    typealias Problem = Lexer.Problem

    /// Deepest nesting of blocks and parentheses.
    static let depthLimit = 100

    /// Where a pipeline stands, as errors call it.
    enum Context: String {
        case command, `if`, with, range
        case parenthesis = "parenthesized pipeline"
        case template = "template clause"
        case block = "block clause"
    }

    private enum ListEnd { case end, `else` }

    private let source: [UInt8]
    private let tokens: [Token]
    var index = 0
    var variables = ["$"]
    private var loops = 0
    var depth = 0
    private(set) var definitions: [String: [TemplateNode]] = [:]
    let isFunction: (String) -> Bool
    let functionHint: (String) -> String?

    /// - Parameters:
    ///   - isFunction: whether there is a function of that name.
    ///   - functionHint: what to do about a name there is no function of.
    init(
        _ source: [UInt8], isFunction: @escaping (String) -> Bool, functionHint: @escaping (String) -> String?
    ) throws(Problem) {
        self.source = source
        tokens = try Lexer.tokens(of: source)
        self.isFunction = isFunction
        self.functionHint = functionHint
    }

    /// The main template. Those it defines are in `definitions` then.
    mutating func parse() throws(Problem) -> [TemplateNode] {
        var nodes: [TemplateNode] = []
        while peek.kind != .end {
            if peek.kind == .leftDelimiter, keywordAfterDelimiter == .define {
                try definition()
            } else if let end = try node(into: &nodes) {
                throw unexpected(end == .end ? "{{end}}" : "{{else}}", at: tokens[max(0, index - 1)])
            }
        }
        return nodes
    }

    private var keywordAfterDelimiter: Token.Keyword? {
        var next = index + 1
        while tokens[safe: next]?.kind == .space { next += 1 }
        if case .keyword(let keyword) = tokens[safe: next]?.kind { return keyword }
        return nil
    }

    // MARK: Blocks

    private mutating func definition() throws(Problem) {
        _ = next()
        let place = nextNonSpace()
        let name = try templateName("define clause")
        try expectRightDelimiter("define clause")
        try define(name, at: place)
    }

    /// The body of a definition, with variables of its own.
    private mutating func define(_ name: String, at place: Token) throws(Problem) {
        let outer = (variables, loops)
        (variables, loops) = (["$"], 0)
        let (body, end) = try list(openedBy: place)
        guard end == .end else { throw unexpected("{{else}}", at: place) }
        (variables, loops) = outer
        if let known = definitions[name], !isBlank(known) {
            guard isBlank(body) else {
                throw Problem(
                    place: place.range.lowerBound,
                    reason: "multiple definition of template \(GoQuoting.quoted(Array(name.utf8)))",
                    remedy: "rename one of them")
            }
            return
        }
        definitions[name] = body
    }

    private func isBlank(_ nodes: [TemplateNode]) -> Bool {
        nodes.allSatisfy { node in
            guard case .text(let range) = node else { return false }
            return source[range].allSatisfy { " \t\r\n".utf8.contains($0) }
        }
    }

    /// Nodes up to and with `{{end}}` or `{{else`.
    private mutating func list(openedBy opener: Token) throws(Problem) -> ([TemplateNode], ListEnd) {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else { throw tooDeep(opener) }
        var nodes: [TemplateNode] = []
        while peek.kind != .end {
            if let end = try node(into: &nodes) { return (nodes, end) }
        }
        throw Problem(
            place: opener.range.lowerBound, reason: "unexpected EOF: \(text(of: opener)) is not ended",
            remedy: "add {{ end }}")
    }

    /// One node; nothing but the end of a list is returned.
    private mutating func node(into nodes: inout [TemplateNode]) throws(Problem) -> ListEnd? {
        let token = next()
        switch token.kind {
        case .text:
            nodes.append(.text(token.range))
            return nil
        case .leftDelimiter: return try action(into: &nodes)
        default: throw unexpected(token, "input")
        }
    }

    private mutating func action(into nodes: inout [TemplateNode]) throws(Problem) -> ListEnd? {
        let token = nextNonSpace()
        guard case .keyword(let keyword) = token.kind else {
            index -= 1
            nodes.append(.action(try pipeline(.command, until: .rightDelimiter)))
            return nil
        }
        switch keyword {
        case .if: nodes.append(.branch(try branch(.if, token)))
        case .with: nodes.append(.branch(try branch(.with, token)))
        case .range: nodes.append(.branch(try branch(.range, token)))
        case .end:
            try expectRightDelimiter("end")
            return .end
        case .else:
            let following = peekNonSpace.kind
            if following != .keyword(.if), following != .keyword(.with) { try expectRightDelimiter("else") }
            return .else
        case .break, .continue:
            guard loops > 0 else {
                throw Problem(
                    place: token.range.lowerBound, reason: "{{\(keyword.rawValue)}} outside {{range}}", remedy: nil)
            }
            try expectRightDelimiter(keyword.rawValue)
            nodes.append(keyword == .break ? .leaveLoop : .nextRound)
        case .template:
            let name = try templateName(Context.template.rawValue)
            nodes.append(.call(name: name, argument: try callArgument(.template), place: token.range.lowerBound))
        case .block:
            let name = try templateName(Context.block.rawValue)
            let argument = try pipeline(.block, until: .rightDelimiter)
            try define(name, at: token)
            nodes.append(.call(name: name, argument: argument, place: token.range.lowerBound))
        case .define:
            throw unexpected("{{define}}", at: token, remedy: "templates are defined outside of all blocks")
        }
        return nil
    }

    private mutating func callArgument(_ context: Context) throws(Problem) -> Pipeline? {
        if peekNonSpace.kind == .rightDelimiter {
            _ = nextNonSpace()
            return nil
        }
        return try pipeline(context, until: .rightDelimiter)
    }

    private mutating func branch(_ kind: Branch.Kind, _ opener: Token) throws(Problem) -> Branch {
        let known = variables.count
        defer { variables.removeLast(variables.count - known) }
        let context: Context = kind == .if ? .if : kind == .with ? .with : .range
        let pipeline = try self.pipeline(context, until: .rightDelimiter)
        if kind == .range { loops += 1 }
        let (body, end) = try list(openedBy: opener)
        if kind == .range { loops -= 1 }
        var otherwise: [TemplateNode] = []
        if end == .else {
            let following = peekNonSpace
            if case .keyword(let keyword) = following.kind {
                guard (kind == .if && keyword == .if) || (kind == .with && keyword == .with) else {
                    throw unexpected(following, "else")
                }
                _ = nextNonSpace()
                depth += 1
                defer { depth -= 1 }
                guard depth <= Self.depthLimit else { throw tooDeep(following) }
                otherwise = [.branch(try branch(kind, following))]
            } else {
                let (nodes, last) = try list(openedBy: opener)
                guard last == .end else {
                    throw Problem(
                        place: following.range.lowerBound, reason: "expected end; found {{else}}",
                        remedy: "a block has one else, the last")
                }
                otherwise = nodes
            }
        }
        return Branch(kind: kind, pipeline: pipeline, body: body, otherwise: otherwise)
    }

    private mutating func templateName(_ context: String) throws(Problem) -> String {
        let token = nextNonSpace()
        guard case .string(let bytes) = token.kind else { throw unexpected(token, context) }
        return String(decoding: bytes, as: UTF8.self)
    }

    // MARK: Tokens

    /// The last token is the end, and stays.
    var peek: Token { tokens[safe: index] ?? Token(kind: .end, range: source.count..<source.count) }

    var peekNonSpace: Token {
        mutating get {
            skipSpace()
            return peek
        }
    }

    mutating func next() -> Token {
        let token = peek
        index += 1
        return token
    }

    mutating func nextNonSpace() -> Token {
        skipSpace()
        return next()
    }

    mutating func skipSpace() {
        while tokens[safe: index]?.kind == .space { index += 1 }
    }

    mutating func expectRightDelimiter(_ context: String) throws(Problem) {
        let token = nextNonSpace()
        guard token.kind == .rightDelimiter else { throw unexpected(token, context) }
    }

    func text(_ range: SourceRange) -> String { String(decoding: source[range], as: UTF8.self) }

    func text(of token: Token) -> String {
        switch token.kind {
        case .end: "the end of the file"
        case .leftDelimiter: "{{"
        case .rightDelimiter: "}}"
        case .space: "a blank"
        default: "\"" + text(token.range.lowerBound..<min(token.range.upperBound, token.range.lowerBound + 40)) + "\""
        }
    }

    func unexpected(_ token: Token, _ context: String) -> Problem {
        Problem(place: token.range.lowerBound, reason: "unexpected \(text(of: token)) in \(context)", remedy: nil)
    }

    func unexpected(_ what: String, at token: Token, remedy: String? = nil) -> Problem {
        let remedy = remedy ?? (what == "{{end}}" ? "there is no block to end" : nil)
        return Problem(place: token.range.lowerBound, reason: "unexpected \(what)", remedy: remedy)
    }

    func tooDeep(_ token: Token) -> Problem {
        Problem(place: token.range.lowerBound, reason: "nested more than \(Self.depthLimit) deep", remedy: nil)
    }
}
