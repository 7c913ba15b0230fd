extension Evaluator {
    /// `and` and `or`, which do not evaluate all of their arguments and so are no functions like the others.
    static func isShortCircuit(_ name: String) -> Bool { name == "and" || name == "or" }

    mutating func evaluate(_ pipeline: Pipeline, _ dot: Value) throws(TemplateError) -> Value {
        try enter(pipeline.place)
        defer { leave() }
        var value: Value?
        for command in pipeline.commands {
            value = try evaluate(command, dot, piped: value)
        }
        let result = value ?? .none
        for name in pipeline.variables {
            if pipeline.assigns {
                try assign(name, result, pipeline.place)
            } else {
                variables.append(Variable(name: name, value: result))
            }
        }
        return result
    }

    private mutating func evaluate(_ command: Command, _ dot: Value, piped: Value?) throws(TemplateError) -> Value {
        guard let first = command.operands.first else { return .none }
        try at(command.place) { () throws(Failure) in try budget.step() }
        let arguments = command.operands.dropFirst()
        switch first.kind {
        case .function(let name):
            return try call(name, first.place, arguments, dot, piped: piped)
        case .field(let names):
            return try fields(names, of: dot, first.place, arguments, dot, piped: piped)
        case .variable(let name, let names):
            let value = variable(name)
            if names.isEmpty { try mustHaveNoArguments(first, arguments, piped) }
            return try fields(names, of: value, first.place, arguments, dot, piped: piped)
        case .chain(let operand, let names):
            let value = try evaluate(operand, dot)
            return try fields(names, of: value, first.place, arguments, dot, piped: piped)
        case .pipeline(let pipeline):
            try mustHaveNoArguments(first, arguments, piped)
            return try evaluate(pipeline, dot)
        case .null:
            throw failed(first.place, Failure("nil is not a command"))
        case .dot, .bool, .number, .string:
            try mustHaveNoArguments(first, arguments, piped)
            return try evaluate(first, dot)
        }
    }

    private func mustHaveNoArguments(
        _ operand: Operand, _ arguments: ArraySlice<Operand>, _ piped: Value?
    ) throws(TemplateError) {
        guard arguments.isEmpty, piped == nil else {
            let shown = template.source.excerpt(operand.place)
            throw failed(
                operand.place,
                Failure(
                    "can't give argument to non-function \(shown)",
                    remedy: "the function comes first: {{ function argument }}"))
        }
    }

    private func variable(_ name: String) -> Value {
        variables.last { $0.name == name }?.value ?? .none
    }

    /// An operand where any type will do.
    mutating func evaluate(_ operand: Operand, _ dot: Value) throws(TemplateError) -> Value {
        switch operand.kind {
        case .dot: return dot
        case .null: return .none
        case .bool(let value): return .bool(value)
        case .string(let bytes): return .string(bytes)
        case .number(let literal):
            guard literal.prefersInteger, let integer = literal.integer else { return .double(literal.double) }
            return .integer(integer, .int)
        case .pipeline(let pipeline): return try evaluate(pipeline, dot)
        case .function(let name): return try call(name, operand.place, [], dot, piped: nil)
        case .field(let names): return try fields(names, of: dot, operand.place, [], dot, piped: nil)
        case .variable(let name, let names):
            return try fields(names, of: variable(name), operand.place, [], dot, piped: nil)
        case .chain(let inner, let names):
            return try fields(names, of: try evaluate(inner, dot), operand.place, [], dot, piped: nil)
        }
    }

    // MARK: Functions

    private mutating func call(
        _ name: String, _ place: SourceRange, _ arguments: ArraySlice<Operand>, _ dot: Value, piped: Value?
    ) throws(TemplateError) -> Value {
        let count = arguments.count + (piped == nil ? 0 : 1)
        if Self.isShortCircuit(name) {
            guard count > 0 else { throw failed(place, Self.wrongCount(name, "at least 1", 0)) }
            return try shortCircuit(isAnd: name == "and", arguments, dot, piped: piped)
        }
        guard let function = FunctionTable.functions[name] else {
            throw failed(place, Failure("function \"\(name)\" not defined"))
        }
        let wanted = function.parameters.count
        guard function.rest == nil ? count == wanted : count >= wanted else {
            throw failed(place, Self.wrongCount(name, function.rest == nil ? "\(wanted)" : "at least \(wanted)", count))
        }
        var values: [Value] = []
        values.reserveCapacity(count)
        for operand in arguments {
            values.append(try argument(operand, function.parameter(at: values.count), dot))
        }
        if let piped {
            try check(piped, function.parameter(at: values.count), place)
            values.append(piped)
        }
        let call = Call(values: values, budget: budget, surroundings: surroundings)
        do throws(Failure) {
            try budget.step(function.cost)
            return try function.body(call)
        } catch {
            throw failed(place, Failure("error calling \(name): \(error.reason)", remedy: error.remedy))
        }
    }

    private static func wrongCount(_ name: String, _ wanted: String, _ got: Int) -> Failure {
        Failure("wrong number of args for \(name): want \(wanted) got \(got)")
    }

    private mutating func shortCircuit(
        isAnd: Bool, _ arguments: ArraySlice<Operand>, _ dot: Value, piped: Value?
    ) throws(TemplateError) -> Value {
        var value: Value = .none
        for operand in arguments {
            value = try evaluate(operand, dot)
            if value.isTrue != isAnd { return value }
        }
        return piped ?? value
    }

    private mutating func argument(
        _ operand: Operand, _ parameter: TemplateFunction.Parameter, _ dot: Value
    ) throws(TemplateError) -> Value {
        try at(operand.place) { () throws(Failure) in try budget.step() }
        switch operand.kind {
        case .bool, .number, .string:
            guard let value = constant(operand, parameter) else {
                throw failed(operand.place, mismatch(parameter, template.source.excerpt(operand.place)))
            }
            return value
        case .null:
            guard parameter == .any || parameter == .dictionary else {
                throw failed(operand.place, Failure("cannot assign nil to \(parameter.rawValue)"))
            }
            return .none
        case .dot, .field, .variable, .function, .pipeline, .chain:
            let value = try evaluate(operand, dot)
            try check(value, parameter, operand.place)
            return value
        }
    }

    /// A constant as the parameter wants it; nil if it cannot be.
    private func constant(_ operand: Operand, _ parameter: TemplateFunction.Parameter) -> Value? {
        switch (operand.kind, parameter) {
        case (.bool(let value), .any), (.bool(let value), .bool): return .bool(value)
        case (.string(let bytes), .any), (.string(let bytes), .string): return .string(bytes)
        case (.number(let literal), .any):
            guard literal.prefersInteger, let integer = literal.integer else { return .double(literal.double) }
            return .integer(integer, .int)
        case (.number(let literal), .int): return literal.integer.map { .integer($0, .int) }
        case (.number(let literal), .uint32):
            return literal.integer.flatMap { UInt32(exactly: $0) }.map { .integer(Int64($0), .uint32) }
        case (.number(let literal), .double): return .double(literal.double)
        default: return nil
        }
    }

    private func mismatch(_ parameter: TemplateFunction.Parameter, _ found: String) -> Failure {
        switch parameter {
        case .dictionary, .time: Failure("can't handle \(found) for arg of type \(parameter.rawValue)")
        case .int: Failure("expected integer; found \(found)")
        case .uint32: Failure("expected unsigned integer; found \(found)")
        case .double: Failure("expected float; found \(found)")
        case .string: Failure("expected string; found \(found)", remedy: "put it between quotes, or use toString")
        case .any, .bool: Failure("expected \(parameter.rawValue); found \(found)")
        }
    }

    private func check(
        _ value: Value, _ parameter: TemplateFunction.Parameter, _ place: SourceRange
    ) throws(TemplateError) {
        guard !parameter.accepts(value) else { return }
        if case .none = value { throw failed(place, Failure("invalid value; expected \(parameter.rawValue)")) }
        let remedy: String? =
            switch parameter {
            case .string: "use toString"
            case .int: "use int"
            case .double: "use float64"
            case .any, .bool, .uint32, .dictionary, .time: nil
            }
        throw failed(
            place,
            Failure("wrong type for value; expected \(parameter.rawValue); got \(value.typeName)", remedy: remedy))
    }

    // MARK: Fields

    /// `.a.b` of a value. Only the last may take arguments.
    private mutating func fields(
        _ names: [String], of value: Value, _ place: SourceRange, _ arguments: ArraySlice<Operand>, _ dot: Value,
        piped: Value?
    ) throws(TemplateError) -> Value {
        var value = value
        for (index, name) in names.enumerated() {
            var given: [Value] = []
            if index == names.count - 1 {
                for operand in arguments { given.append(try evaluate(operand, dot)) }
                if let piped { given.append(piped) }
            }
            value = try at(place) { () throws(Failure) in try Member.read(name, of: value, given, budget) }
        }
        return value
    }
}
