/// Walks a template's tree and writes its text, as Go's `text/template` does.
struct Evaluator {
    /// What walking a list ended with.
    enum Flow { case on, leaveLoop, nextRound }

    struct Variable {
        var name: String
        var value: Value
    }

    let template: Template
    let surroundings: TemplateSurroundings
    let budget: Budget
    var variables: [Variable] = []
    private var depth = 0
    private var out = RenderedText()

    init(_ template: Template, surroundings: TemplateSurroundings, limits: TemplateLimits) {
        self.template = template
        self.surroundings = surroundings
        budget = Budget(limits)
    }

    mutating func render(_ data: TemplateData) throws(TemplateError) -> RenderedText {
        let dot = try at(0..<0) { () throws(Failure) in try budget.value(of: data) }
        variables = [Variable(name: "$", value: dot)]
        _ = try walk(template.main, dot)
        return out
    }

    // MARK: Nodes

    private mutating func walk(_ nodes: [TemplateNode], _ dot: Value) throws(TemplateError) -> Flow {
        for node in nodes {
            switch node {
            case .text(let range):
                try count(range, bytes: range.count)
                out.append(source: template.source.bytes[range], line: template.source.position(range.lowerBound).line)
            case .action(let pipeline):
                let value = try evaluate(pipeline, dot)
                if pipeline.variables.isEmpty { try write(value, pipeline.place) }
            case .branch(let branch):
                let flow = try walk(branch, dot)
                if flow != .on { return flow }
            case .call(let name, let argument, let place): try call(name, argument, place, dot)
            case .leaveLoop: return .leaveLoop
            case .nextRound: return .nextRound
            }
        }
        return .on
    }

    /// A block, in a scope of its own: what it declares is gone behind it.
    private mutating func walk(_ branch: Branch, _ dot: Value) throws(TemplateError) -> Flow {
        try enter(branch.pipeline.place)
        let known = variables.count
        defer {
            variables.removeLast(max(0, variables.count - known))
            depth -= 1
        }
        let value = try evaluate(branch.pipeline, dot)
        if branch.kind == .range { return try loop(branch, over: value, dot) }
        guard value.isTrue else { return try walk(branch.otherwise, dot) }
        return try walk(branch.body, branch.kind == .with ? value : dot)
    }

    private mutating func loop(_ branch: Branch, over value: Value, _ dot: Value) throws(TemplateError) -> Flow {
        let rounds = try self.rounds(value, branch.pipeline)
        let names = branch.pipeline.variables
        let inLoop = variables.count
        for index in 0..<rounds.count {
            try at(branch.pipeline.place) { () throws(Failure) in try budget.step() }
            let (key, element) = rounds.round(index)
            if branch.pipeline.assigns {
                if names.count > 1 {
                    try assign(names[0], key, branch.pipeline.place)
                    try assign(names[1], element, branch.pipeline.place)
                } else if let name = names.first {
                    try assign(name, element, branch.pipeline.place)
                }
            } else {
                if names.count > 1 {
                    variables[inLoop - 2].value = key
                    variables[inLoop - 1].value = element
                } else if names.count == 1 {
                    variables[inLoop - 1].value = element
                }
            }
            let flow = try walk(branch.body, element)
            variables.removeLast(max(0, variables.count - inLoop))
            if flow == .leaveLoop { break }
        }
        return rounds.count == 0 ? try walk(branch.otherwise, dot) : .on
    }

    /// What a range goes through.
    private struct Rounds {
        var count = 0
        var round: (Int) -> (Value, Value) = { _ in (.none, .none) }
    }

    private func rounds(_ value: Value, _ pipeline: Pipeline) throws(TemplateError) -> Rounds {
        switch value {
        case .none: return Rounds()
        case .list(let list): return Rounds(count: list.items.count) { (.int($0), list.items[$0]) }
        case .map(let map):
            let keys = map.sortedKeys
            return Rounds(count: keys.count) { (.string(keys[$0]), map.entries[keys[$0]] ?? .none) }
        case .integer(let count, let kind):
            guard pipeline.variables.count < 2 else {
                throw failed(
                    pipeline.place, Failure("can't use \(count) to iterate over more than one variable"))
            }
            return Rounds(count: max(0, Int(count))) { (.none, .integer(Int64($0), kind)) }
        case .bool, .double, .string, .time, .version, .structure:
            let shown = (try? Formatter.text(value, budget)) ?? []
            throw failed(
                pipeline.place,
                Failure(
                    "range can't iterate over \(String(decoding: shown.prefix(60), as: UTF8.self))",
                    remedy: "it takes a list, a dictionary or a number; splitList and split make lists of texts"))
        }
    }

    private mutating func call(
        _ name: String, _ argument: Pipeline?, _ place: Int, _ dot: Value
    ) throws(TemplateError) {
        guard let body = template.definitions[name] else {
            let shown = GoQuoting.quoted(Array(name.utf8))
            throw failed(
                place..<place, Failure("template \(shown) not defined", remedy: "{{ define \(shown) }} … {{ end }}"))
        }
        try enter(place..<place)
        defer { depth -= 1 }
        var inner: Value = .none
        if let argument { inner = try evaluate(argument, dot) }
        let outer = variables
        variables = [Variable(name: "$", value: inner)]
        _ = try walk(body, inner)
        variables = outer
    }

    // MARK: Output

    private mutating func write(_ value: Value, _ place: SourceRange) throws(TemplateError) {
        let bytes: [UInt8]
        if case .none = value {
            bytes = Array("<no value>".utf8)
        } else {
            bytes = try at(place) { () throws(Failure) in try Formatter.text(value, budget) }
        }
        try count(place, bytes: bytes.count)
        out.append(value: bytes, line: template.source.position(place.lowerBound).line)
    }

    private func count(_ place: SourceRange, bytes: Int) throws(TemplateError) {
        guard out.bytes.count + bytes <= budget.limits.outputSize else {
            throw failed(place, Failure("the text grows larger than \(budget.limits.outputSize >> 20) MiB"))
        }
        try at(place) { () throws(Failure) in try budget.step(1 + bytes >> 6) }
    }

    // MARK: Bounds and errors

    mutating func enter(_ place: SourceRange) throws(TemplateError) {
        depth += 1
        guard depth <= budget.limits.depth else {
            throw failed(
                place,
                Failure(
                    "nested more than \(budget.limits.depth) deep", remedy: "does a template call itself without end?"))
        }
    }

    mutating func leave() { depth -= 1 }

    /// Runs `body` and says where it failed.
    func at<Result>(_ place: SourceRange, _ body: () throws(Failure) -> Result) throws(TemplateError) -> Result {
        do throws(Failure) {
            return try body()
        } catch {
            throw failed(place, error)
        }
    }

    func failed(_ place: SourceRange, _ failure: Failure) -> TemplateError {
        let position = template.source.position(place.lowerBound)
        let excerpt = template.source.excerpt(place)
        return TemplateError(
            line: position.line, column: position.column,
            reason: excerpt.isEmpty ? failure.reason : "at <\(excerpt)>: \(failure.reason)", remedy: failure.remedy)
    }

    /// Changes the innermost variable of that name.
    mutating func assign(_ name: String, _ value: Value, _ place: SourceRange) throws(TemplateError) {
        guard let index = variables.lastIndex(where: { $0.name == name }) else {
            throw failed(place, Failure("undefined variable: \(name)", remedy: "make it with :="))
        }
        variables[index].value = value
    }
}
