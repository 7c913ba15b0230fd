import MartinetCore

/// sprig's regular expressions, in Go's syntax.
enum RegexFunctions {
    static let table: [String: TemplateFunction] = {
        var table: [String: TemplateFunction] = [
            // Without `must` a wrong expression matches nothing; the others fail.
            "regexMatch": TemplateFunction(.string, .string, cost: 50) { call throws(Failure) in
                let expression = try? RegularExpression(call.text(0))
                return .bool(expression.map { matches($0, call.bytes(1)) } ?? false)
            },
            "mustRegexMatch": TemplateFunction(.string, .string, cost: 50) { call throws(Failure) in
                .bool(matches(try compiled(call), call.bytes(1)))
            },
            "regexQuoteMeta": TemplateFunction(.string) { call throws(Failure) in
                try call.budget.string(
                    call.bytes(0).flatMap { "\\.+*?()|[]{}^$".utf8.contains($0) ? [UInt8(ascii: "\\"), $0] : [$0] })
            },
        ]
        for (name, function) in plain {
            table[name] = function
            table["mustR" + name.dropFirst()] = function
        }
        return table
    }()

    private static let plain: [String: TemplateFunction] = [
        "regexFind": TemplateFunction(.string, .string, cost: 50) { call throws(Failure) in
            let text = call.bytes(1)
            return .string(first(try compiled(call), text, 0).map { Array(text[$0.range]) } ?? [])
        },
        "regexFindAll": TemplateFunction(.string, .string, .int, cost: 50) { call throws(Failure) in
            let text = call.bytes(1)
            let found = try all(try compiled(call), text, limit: call.int(2), call.budget)
            if found.isEmpty { return nothing }
            return try call.budget.list(found.map { .string(Array(text[$0])) }, of: .string)
        },
        "regexReplaceAll": TemplateFunction(.string, .string, .string, cost: 50) { call throws(Failure) in
            let expression = try compiled(call)
            let template = ReplacementTemplate(call.text(2), for: expression)
            // What might be made at most, each match being one byte.
            let most = call.bytes(1).count * (1 + call.bytes(2).count)
            try call.budget.allocate(most > call.budget.limits.outputSize ? Int.max : call.bytes(1).count)
            return try call.budget.text(expression.replaceAll(in: call.text(1), with: template))
        },
        "regexReplaceAllLiteral": TemplateFunction(.string, .string, .string, cost: 50) { call throws(Failure) in
            let text = call.bytes(1)
            var out: [UInt8] = []
            var start = 0
            for range in try all(try compiled(call), text, limit: -1, call.budget) {
                try call.budget.allocate(range.lowerBound - start + call.bytes(2).count)
                out += text[start..<range.lowerBound] + call.bytes(2)
                start = range.upperBound
            }
            return .string(out + text[start...])
        },
        "regexSplit": TemplateFunction(.string, .string, .int, cost: 50) { call throws(Failure) in
            try split(call)
        },
    ]

    private static var nothing: Value { .list(ListValue([], of: .string, isNil: true)) }

    private static func compiled(_ call: Call) throws(Failure) -> RegularExpression {
        do throws(RegularExpressionError) {
            return try RegularExpression(call.text(0))
        } catch {
            throw Failure("\(error)")
        }
    }

    private static func matches(_ expression: RegularExpression, _ text: [UInt8]) -> Bool {
        text.withUnsafeBytes { expression.matches($0) }
    }

    private static func first(_ expression: RegularExpression, _ text: [UInt8], _ start: Int) -> RegularExpression
        .Match?
    {
        text.withUnsafeBytes { expression.firstMatch(in: $0, from: start) }
    }

    /// As Go's `FindAll`: no empty match right behind another one.
    private static func all(
        _ expression: RegularExpression, _ text: [UInt8], limit: Int, _ budget: Budget
    ) throws(Failure) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var start = 0
        var previousEnd = -1
        while start <= text.count, limit < 0 || found.count < limit, let match = first(expression, text, start) {
            try budget.allocate(48)
            let range = match.range
            if !range.isEmpty || range.lowerBound != previousEnd { found.append(range) }
            previousEnd = range.upperBound
            start = range.upperBound > start ? range.upperBound : start + UTF8Text.scalar(in: text, at: start).length
        }
        return found
    }

    private static func split(_ call: Call) throws(Failure) -> Value {
        let (text, limit) = (call.bytes(1), call.int(2))
        let expression = try compiled(call)
        if limit == 0 { return nothing }
        if !call.bytes(0).isEmpty, text.isEmpty { return .strings([[]]) }
        var pieces: [[UInt8]] = []
        var (start, end) = (0, 0)
        for range in try all(expression, text, limit: limit, call.budget) {
            if limit > 0, pieces.count == limit - 1 { break }
            end = range.lowerBound
            if range.upperBound != 0 { pieces.append(Array(text[start..<end])) }
            start = range.upperBound
        }
        if end != text.count { pieces.append(Array(text[start...])) }
        return try call.budget.list(pieces.map { .string($0) }, of: .string)
    }
}
