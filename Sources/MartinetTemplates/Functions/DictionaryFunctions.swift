/// sprig's functions on dictionaries. `set`, `unset`, `merge` and their like change the one they are given.
enum DictionaryFunctions {
    static let table: [String: TemplateFunction] = [
        "dict": TemplateFunction(rest: .any) { call throws(Failure) in
            var entries: [[UInt8]: Value] = [:]
            for index in stride(from: 0, to: call.values.count, by: 2) {
                entries[try call.shown(index)] = index + 1 < call.values.count ? call[index + 1] : .string([])
            }
            return try call.budget.map(entries)
        },
        "get": TemplateFunction(.dictionary, .string) { call throws(Failure) in
            call.map(0).entries[call.bytes(1)] ?? .string([])
        },
        "set": TemplateFunction(.dictionary, .string, .any) { call throws(Failure) in
            guard case .map(let map) = call[0] else { throw Failure("assignment to entry in nil map") }
            try call.budget.allocate(80 + call.bytes(1).count)
            map.entries[call.bytes(1)] = call[2]
            return call[0]
        },
        "unset": TemplateFunction(.dictionary, .string) { call throws(Failure) in
            call.map(0).entries[call.bytes(1)] = nil
            return call[0]
        },
        "hasKey": TemplateFunction(.dictionary, .string) { call throws(Failure) in
            .bool(call.map(0).entries[call.bytes(1)] != nil)
        },
        "pluck": TemplateFunction(.string, rest: .dictionary) { call throws(Failure) in
            var items: [Value] = []
            for index in call.values.indices.dropFirst() {
                if let value = call.map(index).entries[call.bytes(0)] { items.append(value) }
            }
            return try call.budget.list(items)
        },
        // Go's order is by chance here; sorted is one it might be.
        "keys": TemplateFunction(rest: .dictionary) { call throws(Failure) in
            var keys: [Value] = []
            for index in call.values.indices { keys += call.map(index).sortedKeys.map { .string($0) } }
            return try call.budget.list(keys, of: .string)
        },
        "values": TemplateFunction(.dictionary) { call throws(Failure) in
            let map = call.map(0)
            return try call.budget.list(map.sortedKeys.map { map.entries[$0] ?? .none })
        },
        "pick": TemplateFunction(.dictionary, rest: .string) { call throws(Failure) in
            var entries: [[UInt8]: Value] = [:]
            for index in call.values.indices.dropFirst() {
                if let value = call.map(0).entries[call.bytes(index)] { entries[call.bytes(index)] = value }
            }
            return try call.budget.map(entries)
        },
        "omit": TemplateFunction(.dictionary, rest: .string) { call throws(Failure) in
            var entries = call.map(0).entries
            for index in call.values.indices.dropFirst() { entries[call.bytes(index)] = nil }
            return try call.budget.map(entries)
        },
        "merge": merging(overwrites: false), "mustMerge": merging(overwrites: false),
        "mergeOverwrite": merging(overwrites: true), "mustMergeOverwrite": merging(overwrites: true),
        "deepCopy": deepCopy, "mustDeepCopy": deepCopy,
        "dig": TemplateFunction(rest: .any) { call throws(Failure) in
            let count = call.values.count
            guard count >= 3 else { throw Failure("dig needs at least three arguments") }
            var value = call[count - 1]
            for index in 0..<(count - 2) {
                guard case .map(let map) = value, !map.holdsTexts else {
                    throw Failure(
                        "interface conversion: interface {} is \(value.typeName), not map[string]interface {}")
                }
                guard case .string(let key) = call[index] else {
                    throw Failure("interface conversion: interface {} is \(call[index].typeName), not string")
                }
                guard let inner = map.entries[key] else { return call[count - 2] }
                value = inner
            }
            return value
        },
    ]

    private static func merging(overwrites: Bool) -> TemplateFunction {
        TemplateFunction(.dictionary, rest: .dictionary) { call throws(Failure) in
            guard case .map(let target) = call[0] else { throw Failure("assignment to entry in nil map") }
            for index in call.values.indices.dropFirst() {
                try merge(call.map(index), into: target, overwrites: overwrites, call.budget, depth: 0)
            }
            return call[0]
        }
    }

    /// What is empty in `target` counts as missing.
    private static func merge(
        _ source: MapValue, into target: MapValue, overwrites: Bool, _ budget: Budget, depth: Int
    ) throws(Failure) {
        guard depth < Budget.valueDepth else { throw Budget.tooDeep }
        guard source !== target else { return }
        for (key, value) in source.entries {
            try budget.allocate(80)
            guard let present = target.entries[key] else {
                target.entries[key] = value
                continue
            }
            if case .map(let inner) = value, case .map(let outer) = present, !inner.holdsTexts, !outer.holdsTexts {
                try merge(inner, into: outer, overwrites: overwrites, budget, depth: depth + 1)
            } else if overwrites || present.isEmpty {
                target.entries[key] = value
            }
        }
    }

    private static let deepCopy = TemplateFunction(.any) { call throws(Failure) in
        if case .none = call[0] {
            throw Failure("nil cannot be copied", remedy: "use default to put something in its place")
        }
        return try copy(call[0], call.budget, depth: 0)
    }

    private static func copy(_ value: Value, _ budget: Budget, depth: Int) throws(Failure) -> Value {
        guard depth < Budget.valueDepth else { throw Budget.tooDeep }
        switch value {
        case .map(let map):
            var entries: [[UInt8]: Value] = [:]
            for (key, entry) in map.entries { entries[key] = try copy(entry, budget, depth: depth + 1) }
            return try budget.map(entries, holdsTexts: map.holdsTexts)
        case .list(let list):
            var items: [Value] = []
            for item in list.items { items.append(try copy(item, budget, depth: depth + 1)) }
            return try budget.list(items, of: list.element)
        case .none, .bool, .integer, .double, .string, .time, .version, .structure: return value
        }
    }
}
