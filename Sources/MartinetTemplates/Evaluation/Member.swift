/// Fields and methods: what may follow a dot.
enum Member {
    static func read(_ name: String, of value: Value, _ arguments: [Value], _ budget: Budget) throws(Failure) -> Value {
        switch value {
        case .none: return .none
        case .map(let map):
            guard arguments.isEmpty else { throw Failure("\(name) is not a method but has arguments") }
            return map.entries[Array(name.utf8)] ?? .none
        case .structure(let structure):
            guard let field = structure.fields[name] else { throw unknown(name, value, structure.fields.keys.sorted()) }
            guard arguments.isEmpty else {
                throw Failure("\(name) has arguments but cannot be invoked as function")
            }
            return field
        case .time(let time):
            guard let method = TimeMethods.table[name] else { throw unknown(name, value, []) }
            return try call(method, name, [.time(time)] + arguments, budget)
        case .version(let version):
            if let field = version.field(name) {
                guard arguments.isEmpty else {
                    throw Failure("wrong number of args for \(name): want 0 got \(arguments.count)")
                }
                return field
            }
            guard let method = VersionFunctions.methods[name] else { throw unknown(name, value, []) }
            return try call(method, name, [.version(version)] + arguments, budget)
        case .integer(_, .duration), .integer(_, .month), .integer(_, .weekday):
            if name == "String", arguments.isEmpty { return .string(try Formatter.text(value, budget)) }
            if let method = TimeMethods.durations[name], case .integer(_, .duration) = value {
                return try call(method, name, [value] + arguments, budget)
            }
            throw unknown(name, value, [])
        case .bool, .integer, .double, .string, .list: throw unknown(name, value, [])
        }
    }

    /// A method is a function whose first argument is its receiver.
    private static func call(
        _ method: TemplateFunction, _ name: String, _ values: [Value], _ budget: Budget
    ) throws(Failure) -> Value {
        guard values.count == method.parameters.count else {
            throw Failure(
                "wrong number of args for \(name): want \(method.parameters.count - 1) got \(values.count - 1)")
        }
        for (value, parameter) in zip(values, method.parameters) where !parameter.accepts(value) {
            throw Failure("wrong type for value; expected \(parameter.rawValue); got \(value.typeName)")
        }
        return try method.body(Call(values: values, budget: budget, surroundings: .process))
    }

    private static func unknown(_ name: String, _ value: Value, _ known: [String]) -> Failure {
        Failure(
            "can't evaluate field \(name) in type \(value.typeName)",
            remedy: known.isEmpty ? nil : "there are \(known.joined(separator: ", "))")
    }
}
