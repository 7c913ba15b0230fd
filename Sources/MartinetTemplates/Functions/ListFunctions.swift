/// sprig's functions on lists. Each makes a new list.
enum ListFunctions {
    static let table: [String: TemplateFunction] = {
        var table: [String: TemplateFunction] = [
            "list": make, "tuple": make,
            "concat": TemplateFunction(rest: .any) { call throws(Failure) in
                var items: [Value] = []
                for index in call.values.indices {
                    guard case .list(let list) = call[index] else {
                        throw Failure("Cannot concat type \(call[index].kindName) as list")
                    }
                    try call.budget.step(list.items.count)
                    items += list.items
                }
                return try call.budget.list(items)
            },
        ]
        for (name, function) in plain {
            table[name] = function
            table["must" + name.prefix(1).uppercased() + name.dropFirst()] = function
        }
        table["append"] = plain["push"]
        table["mustAppend"] = plain["push"]
        return table
    }()

    private static let make = TemplateFunction(rest: .any) { call throws(Failure) in
        try call.budget.list(call.values)
    }

    /// Those that exist with `must` before their names, too; both fail alike.
    private static let plain: [String: TemplateFunction] = [
        "push": TemplateFunction(.any, .any) { call throws(Failure) in
            try call.budget.list(try call.list(0, to: "push on").items + [call[1]])
        },
        "prepend": TemplateFunction(.any, .any) { call throws(Failure) in
            try call.budget.list([call[1]] + (try call.list(0, to: "prepend on").items))
        },
        "first": TemplateFunction(.any) { call throws(Failure) in
            try call.list(0, to: "find first on").items.first ?? .none
        },
        "last": TemplateFunction(.any) { call throws(Failure) in
            try call.list(0, to: "find last on").items.last ?? .none
        },
        "rest": TemplateFunction(.any) { call throws(Failure) in
            try call.budget.list(Array(try call.list(0, to: "find rest on").items.dropFirst()))
        },
        "initial": TemplateFunction(.any) { call throws(Failure) in
            try call.budget.list(Array(try call.list(0, to: "find initial on").items.dropLast()))
        },
        "reverse": TemplateFunction(.any) { call throws(Failure) in
            try call.budget.list(try call.list(0, to: "find reverse on").items.reversed())
        },
        "compact": TemplateFunction(.any) { call throws(Failure) in
            try call.budget.list(try call.list(0, to: "compact on").items.filter { !$0.isEmpty })
        },
        "uniq": TemplateFunction(.any) { call throws(Failure) in
            var items: [Value] = []
            for item in try call.list(0, to: "find uniq on").items
            where !(try contains(items, item, call.budget)) { items.append(item) }
            return try call.budget.list(items)
        },
        "without": TemplateFunction(.any, rest: .any) { call throws(Failure) in
            let unwanted = Array(call.values.dropFirst())
            var items: [Value] = []
            for item in try call.list(0, to: "find without on").items
            where !(try contains(unwanted, item, call.budget)) { items.append(item) }
            return try call.budget.list(items)
        },
        "has": TemplateFunction(.any, .any) { call throws(Failure) in
            if case .none = call[1] { return .bool(false) }
            return .bool(try contains(try call.list(1, to: "find has on").items, call[0], call.budget))
        },
        "slice": TemplateFunction(.any, rest: .any) { call throws(Failure) in
            guard case .list(let list) = call[0] else {
                throw Failure(
                    "list should be type of slice or array but \(call[0].kindName)",
                    remedy: "substr and trunc cut texts")
            }
            let count = list.items.count
            if count == 0 { return .none }
            let start = Conversion.integer(call[1])
            let end = call.values.count < 3 ? Int64(count) : Conversion.integer(call[2])
            guard start >= 0, start <= end, end <= Int64(count) else {
                throw Failure("slice index out of bounds: [\(start):\(end)] of \(count)")
            }
            return try call.budget.list(Array(list.items[Int(start)..<Int(end)]), of: list.element)
        },
        "chunk": TemplateFunction(.int, .any) { call throws(Failure) in
            let items = try call.list(1, to: "chunk").items
            let size = call.int(0)
            guard size > 0 || items.isEmpty else { throw Failure("a chunk has \(size) elements") }
            var chunks: [Value] = []
            var start = 0
            while start < items.count {
                let end = size < items.count - start ? start + size : items.count
                chunks.append(try call.budget.list(Array(items[start..<end])))
                start = end
            }
            return try call.budget.list(chunks, of: .list)
        },
    ]

    private static func contains(_ items: [Value], _ value: Value, _ budget: Budget) throws(Failure) -> Bool {
        try budget.step(items.count)
        for item in items where try item.isDeeplyEqual(to: value) { return true }
        return false
    }
}
