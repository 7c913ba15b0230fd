/// What one rendering has spent, and the maps it has made.
final class Budget {
    /// Deepest nesting of values.
    static let valueDepth = 100
    static let tooDeep = Failure(
        "the value is nested more than \(valueDepth) deep", remedy: "is a dictionary part of itself?")

    let limits: TemplateLimits
    private var steps = 0
    private var allocation = 0
    private var nextLook = 0
    private let deadline: ContinuousClock.Instant
    private var maps: [MapValue] = []

    init(_ limits: TemplateLimits) {
        self.limits = limits
        deadline = ContinuousClock.now + limits.duration
    }

    /// Breaks what cycles there are, and frees deep values one level at a time.
    deinit { for map in maps { map.entries = [:] } }

    /// Counts `count` steps.
    func step(_ count: Int = 1) throws(Failure) {
        steps &+= max(1, count)
        if steps > limits.steps || steps < 0 {
            throw Failure(
                "the template takes more than \(limits.steps) steps", remedy: "look for loops that do not end")
        }
        guard steps >= nextLook else { return }
        nextLook = steps + 1024
        if ContinuousClock.now > deadline {
            throw Failure("rendering takes longer than \(limits.duration)", remedy: "look for loops that do not end")
        }
    }

    /// Counts bytes about to be produced.
    func allocate(_ bytes: Int) throws(Failure) {
        let (sum, overflow) = allocation.addingReportingOverflow(max(0, bytes))
        guard !overflow, sum <= limits.allocation else {
            throw Failure("the template uses more than \(limits.allocation >> 20) MiB of memory")
        }
        allocation = sum
        try step(bytes >> 6)
    }

    func string(_ bytes: [UInt8]) throws(Failure) -> Value {
        try allocate(bytes.count)
        return .string(bytes)
    }

    func text(_ text: String) throws(Failure) -> Value { try string(Array(text.utf8)) }

    func list(_ items: [Value], of element: ListValue.Element = .any) throws(Failure) -> Value {
        try allocate(items.count * 40)
        let list = ListValue(items, of: element)
        guard list.depth <= Self.valueDepth else { throw Self.tooDeep }
        return .list(list)
    }

    func map(_ entries: [[UInt8]: Value], holdsTexts: Bool = false) throws(Failure) -> Value {
        try allocate(64 + entries.count * 80)
        let map = MapValue(entries, holdsTexts: holdsTexts)
        maps.append(map)
        return .map(map)
    }

    /// Turns what the caller gave into values.
    func value(of data: TemplateData, depth: Int = 0) throws(Failure) -> Value {
        guard depth < Self.valueDepth else { throw Self.tooDeep }
        switch data {
        case .null: return .none
        case .bool(let value): return .bool(value)
        case .int(let value): return .int(value)
        case .double(let value): return .double(value)
        case .string(let value): return .text(value)
        case .list(let items):
            var values: [Value] = []
            for item in items { values.append(try value(of: item, depth: depth + 1)) }
            return try list(values)
        case .map(let members):
            var entries: [[UInt8]: Value] = [:]
            for (key, member) in members { entries[Array(key.utf8)] = try value(of: member, depth: depth + 1) }
            return try map(entries)
        case .texts(let members):
            var entries: [[UInt8]: Value] = [:]
            for (key, member) in members { entries[Array(key.utf8)] = .text(member) }
            return try map(entries, holdsTexts: true)
        case .structure(let type, let members):
            var fields: [String: Value] = [:]
            for (name, member) in members { fields[name] = try value(of: member, depth: depth + 1) }
            return .structure(StructureValue(type: type, fields: fields))
        }
    }
}
