extension Value {
    /// Go's `%T`.
    var typeName: String {
        switch self {
        case .none: "<nil>"
        case .bool: "bool"
        case .integer(_, let kind): kind.rawValue
        case .double: "float64"
        case .string: "string"
        case .list(let list): "[]" + list.element.rawValue
        case .map(let map): map.holdsTexts ? "map[string]string" : "map[string]interface {}"
        case .time: "time.Time"
        case .version: "*semver.Version"
        case .structure(let structure): structure.type
        }
    }

    /// Go's `reflect.Kind`.
    var kindName: String {
        switch self {
        case .none: "invalid"
        case .bool: "bool"
        case .integer(_, let kind): kind.kind
        case .double: "float64"
        case .string: "string"
        case .list: "slice"
        case .map: "map"
        case .time, .structure: "struct"
        case .version: "ptr"
        }
    }

    /// What `if`, `and`, `or` and `not` go by.
    var isTrue: Bool {
        switch self {
        case .none: false
        case .bool(let value): value
        case .integer(let value, _): value != 0
        case .double(let value): value != 0
        case .string(let bytes): !bytes.isEmpty
        case .list(let list): !list.items.isEmpty
        case .map(let map): !map.entries.isEmpty
        case .time, .version, .structure: true
        }
    }

    /// sprig's notion of empty; only here is what is true not the opposite for all values, but it is for those there are.
    var isEmpty: Bool { !isTrue }

    /// Go's `reflect.DeepEqual`: types count.
    /// - Throws: when maps are nested deeper than can be walked.
    func isDeeplyEqual(to other: Value, depth: Int = 0) throws(Failure) -> Bool {
        guard depth < Budget.valueDepth else { throw Budget.tooDeep }
        switch (self, other) {
        case (.none, .none): return true
        case (.bool(let a), .bool(let b)): return a == b
        case (.integer(let a, let kindA), .integer(let b, let kindB)): return a == b && kindA == kindB
        case (.double(let a), .double(let b)): return a == b
        case (.string(let a), .string(let b)): return a == b
        case (.time(let a), .time(let b)): return a == b
        case (.version(let a), .version(let b)): return a == b
        case (.structure(let a), .structure(let b)): return a === b
        case (.list(let a), .list(let b)):
            guard a.items.count == b.items.count, a.element == b.element, a.isNil == b.isNil else { return false }
            for (left, right) in zip(a.items, b.items) {
                guard try left.isDeeplyEqual(to: right, depth: depth + 1) else { return false }
            }
            return true
        case (.map(let a), .map(let b)):
            if a === b { return true }
            guard a.entries.count == b.entries.count, a.holdsTexts == b.holdsTexts else { return false }
            for (key, left) in a.entries {
                guard let right = b.entries[key], try left.isDeeplyEqual(to: right, depth: depth + 1) else {
                    return false
                }
            }
            return true
        default: return false
        }
    }
}
