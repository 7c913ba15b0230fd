/// Pipelines: what stands between the delimiters, and in parentheses.
extension Parser {
    mutating func pipeline(_ context: Context, until end: Token.Kind) throws(Problem) -> Pipeline {
        let start = peekNonSpace.range.lowerBound
        var pipeline = Pipeline(place: start..<start)
        try declarations(of: &pipeline, context)
        while true {
            let token = nextNonSpace()
            if token.kind == end {
                pipeline.place = start..<max(start, token.range.lowerBound)
                try check(pipeline, context, token)
                return pipeline
            }
            switch token.kind {
            case .bool, .character, .dot, .field, .identifier, .number, .null, .string, .variable, .leftParenthesis:
                index -= 1
                pipeline.commands.append(try command())
            default: throw unexpected(token, context.rawValue)
            }
        }
    }

    private mutating func declarations(of pipeline: inout Pipeline, _ context: Context) throws(Problem) {
        while case .variable(let name) = peekNonSpace.kind {
            let before = index
            _ = nextNonSpace()
            let token = peekNonSpace
            switch token.kind {
            case .assign, .declare:
                pipeline.assigns = token.kind == .assign
                _ = nextNonSpace()
                pipeline.variables.append(name)
                variables.append(name)
                return
            case .comma:
                _ = nextNonSpace()
                pipeline.variables.append(name)
                variables.append(name)
                guard context == .range, pipeline.variables.count < 2 else {
                    throw Problem(
                        place: token.range.lowerBound, reason: "too many declarations in \(context.rawValue)",
                        remedy: "only range takes two variables")
                }
                guard case .variable = peekNonSpace.kind else {
                    throw Problem(
                        place: token.range.lowerBound, reason: "range can only initialize variables",
                        remedy: "write {{ range $index, $element := … }}")
                }
            default:
                index = before
                return
            }
        }
    }

    private func check(_ pipeline: Pipeline, _ context: Context, _ end: Token) throws(Problem) {
        guard !pipeline.commands.isEmpty else {
            throw Problem(
                place: end.range.lowerBound, reason: "missing value for \(context.rawValue)", remedy: nil)
        }
        for (stage, command) in pipeline.commands.enumerated().dropFirst() {
            switch command.operands.first?.kind {
            case .bool, .dot, .null, .number, .string:
                throw Problem(
                    place: command.place.lowerBound, reason: "non executable command in pipeline stage \(stage + 1)",
                    remedy: "what follows a | is a function")
            default: break
            }
        }
    }

    private mutating func command() throws(Problem) -> Command {
        let start = peekNonSpace.range.lowerBound
        var operands: [Operand] = []
        var end = start
        while true {
            skipSpace()
            if let operand = try self.operand() {
                operands.append(operand)
                end = operand.place.upperBound
            }
            let token = next()
            switch token.kind {
            case .space: continue
            case .rightDelimiter, .rightParenthesis: index -= 1
            case .pipe: break
            default: throw unexpected(token, "operand")
            }
            break
        }
        guard !operands.isEmpty else { throw Problem(place: start, reason: "empty command", remedy: nil) }
        return Command(place: start..<end, operands: operands)
    }

    /// A value and the fields behind it; nil and nothing read if there is none.
    private mutating func operand() throws(Problem) -> Operand? {
        guard var operand = try term() else { return nil }
        var fields: [String] = []
        while case .field(let name) = peek.kind {
            operand.place = operand.place.lowerBound..<next().range.upperBound
            fields.append(name)
        }
        guard !fields.isEmpty else { return operand }
        switch operand.kind {
        case .field(let first): operand.kind = .field(first + fields)
        case .variable(let name, _): operand.kind = .variable(name, fields)
        case .function, .pipeline, .chain: operand.kind = .chain(operand, fields)
        case .bool, .string, .number, .null, .dot:
            throw Problem(
                place: operand.place.lowerBound, reason: "unexpected . after term \(text(operand.place))", remedy: nil)
        }
        return operand
    }

    private mutating func term() throws(Problem) -> Operand? {
        let token = next()
        let kind: Operand.Kind
        switch token.kind {
        case .identifier(let name):
            guard isFunction(name) else {
                throw Problem(
                    place: token.range.lowerBound, reason: "function \(GoQuoting.quoted(Array(name.utf8))) not defined",
                    remedy: functionHint(name))
            }
            kind = .function(name)
        case .dot: kind = .dot
        case .null: kind = .null
        case .variable(let name):
            guard variables.contains(name) else {
                throw Problem(
                    place: token.range.lowerBound, reason: "undefined variable \(GoQuoting.quoted(Array(name.utf8)))",
                    remedy: "make it in the same block or around it: {{ \(name) := … }}")
            }
            kind = .variable(name, [])
        case .field(let name): kind = .field([name])
        case .bool(let value): kind = .bool(value)
        case .character(let scalar): kind = .number(NumberLiteral(scalar: scalar))
        case .number(let text):
            do throws(Failure) {
                kind = .number(try NumberLiteral(text))
            } catch {
                throw Problem(place: token.range.lowerBound, reason: error.reason, remedy: error.remedy)
            }
        case .string(let bytes): kind = .string(bytes)
        case .leftParenthesis:
            depth += 1
            defer { depth -= 1 }
            guard depth <= Self.depthLimit else { throw tooDeep(token) }
            let inner = try pipeline(.parenthesis, until: .rightParenthesis)
            return Operand(kind: .pipeline(inner), place: token.range.lowerBound..<(inner.place.upperBound + 1))
        default:
            index -= 1
            return nil
        }
        return Operand(kind: kind, place: token.range)
    }
}
