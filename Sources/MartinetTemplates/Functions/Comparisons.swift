/// `eq`, `ne`, `lt`, `le`, `gt`, `ge`.
enum Comparisons {
    static let table: [String: TemplateFunction] = [
        "eq": TemplateFunction(.any, rest: .any) { call throws(Failure) in
            guard call.values.count > 1 else { throw Failure("missing argument for comparison") }
            for other in call.values.dropFirst() where try areEqual(call[0], other) { return .bool(true) }
            return .bool(false)
        },
        "ne": TemplateFunction(.any, .any) { call throws(Failure) in .bool(!(try areEqual(call[0], call[1]))) },
        "lt": TemplateFunction(.any, .any) { call throws(Failure) in .bool(try isLess(call[0], call[1])) },
        "le": TemplateFunction(.any, .any) { call throws(Failure) in
            let isLower = try isLess(call[0], call[1])
            let isEqual = try areEqual(call[0], call[1])
            return .bool(isLower || isEqual)
        },
        "gt": TemplateFunction(.any, .any) { call throws(Failure) in
            let isLower = try isLess(call[0], call[1])
            let isEqual = try areEqual(call[0], call[1])
            return .bool(!isLower && !isEqual)
        },
        "ge": TemplateFunction(.any, .any) { call throws(Failure) in .bool(!(try isLess(call[0], call[1]))) },
    ]

    private static let incompatible = Failure(
        "incompatible types for comparison",
        remedy: "compare values of one type: int, float64 and toString convert")

    private static func areEqual(_ a: Value, _ b: Value) throws(Failure) -> Bool {
        switch (a, b) {
        case (.bool(let a), .bool(let b)): return a == b
        case (.integer(let a, _), .integer(let b, _)): return a == b
        case (.double(let a), .double(let b)): return a == b
        case (.string(let a), .string(let b)): return a == b
        case (.none, .none): return true
        case (.time(let a), .time(let b)): return a == b
        case (.list(let list), .none), (.none, .list(let list)): return list.isNil
        case (.none, _), (_, .none): return false
        case (.list, .list), (.map, .map):
            throw Failure("non-comparable type \(a.typeName)", remedy: "deepEqual compares lists and dictionaries")
        default: throw incompatible
        }
    }

    private static func isLess(_ a: Value, _ b: Value) throws(Failure) -> Bool {
        switch (a, b) {
        case (.integer(let a, _), .integer(let b, _)): return a < b
        case (.double(let a), .double(let b)): return a < b
        case (.string(let a), .string(let b)): return a.lexicographicallyPrecedes(b)
        case (.integer, .double), (.double, .integer), (.integer, .string), (.string, .integer), (.double, .string),
            (.string, .double), (.bool, _), (_, .bool):
            if case .bool = a, case .bool = b { throw Failure("invalid type for comparison") }
            throw incompatible
        default: throw Failure("invalid type for comparison")
        }
    }
}
