/// A function that templates may call: what it takes and what it does.
struct TemplateFunction: Sendable {
    /// What a parameter accepts. As in Go nothing is converted but constants: `int64` is no `int`.
    enum Parameter: String, Sendable {
        case any = "interface {}"
        case string, int, uint32, bool
        case double = "float64"
        case dictionary = "map[string]interface {}"
        case time = "time.Time"
    }

    let parameters: [Parameter]
    /// The type of any number of arguments behind `parameters`.
    let rest: Parameter?
    /// Steps that one call counts as, beyond what it produces.
    let cost: Int
    let body: @Sendable (Call) throws(Failure) -> Value

    init(
        _ parameters: Parameter..., rest: Parameter? = nil, cost: Int = 1,
        body: @escaping @Sendable (Call) throws(Failure) -> Value
    ) {
        self.parameters = parameters
        self.rest = rest
        self.cost = cost
        self.body = body
    }

    func parameter(at index: Int) -> Parameter { index < parameters.count ? parameters[index] : rest ?? .any }
}

extension TemplateFunction.Parameter {
    /// Whether a value that is no constant may be passed.
    func accepts(_ value: Value) -> Bool {
        switch (self, value) {
        case (.any, _), (.string, .string), (.bool, .bool), (.double, .double), (.time, .time), (.dictionary, .none):
            true
        case (.int, .integer(_, .int)), (.uint32, .integer(_, .uint32)): true
        case (.dictionary, .map(let map)): !map.holdsTexts
        default: false
        }
    }
}

/// One call of a function. The arguments have been checked; what is asked for against their types is empty.
struct Call {
    let values: [Value]
    let budget: Budget
    let surroundings: TemplateSurroundings

    subscript(_ index: Int) -> Value { index < values.count ? values[index] : .none }

    func bytes(_ index: Int) -> [UInt8] {
        if case .string(let bytes) = self[index] { return bytes }
        return []
    }

    func text(_ index: Int) -> String { String(decoding: bytes(index), as: UTF8.self) }

    func int(_ index: Int) -> Int {
        if case .integer(let value, _) = self[index] { return Int(value) }
        return 0
    }

    func bool(_ index: Int) -> Bool {
        if case .bool(let value) = self[index] { return value }
        return false
    }

    func double(_ index: Int) -> Double {
        if case .double(let value) = self[index] { return value }
        return 0
    }

    /// Nil stands for Go's nil map, which reads as empty.
    func map(_ index: Int) -> MapValue {
        if case .map(let map) = self[index] { return map }
        return MapValue([:])
    }

    func time(_ index: Int) -> TimeValue {
        if case .time(let time) = self[index] { return time }
        return TimeValue(seconds: 0, nanoseconds: 0, zone: .utc)
    }

    /// Go's `%v` of an argument.
    func shown(_ index: Int) throws(Failure) -> [UInt8] { try Formatter.text(self[index], budget) }

    /// The elements of an argument that must be a list.
    func list(_ index: Int, to verb: String) throws(Failure) -> ListValue {
        guard case .list(let list) = self[index] else {
            throw Failure("Cannot \(verb) type \(self[index].kindName)", remedy: "it takes a list")
        }
        try budget.step(list.items.count)
        return list
    }
}
