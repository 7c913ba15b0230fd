/// sprig's functions that choose, and those that speak JSON.
enum DefaultFunctions {
    static let table: [String: TemplateFunction] = [
        "default": TemplateFunction(.any, rest: .any) { call throws(Failure) in
            call.values.count < 2 || call[1].isEmpty ? call[0] : call[1]
        },
        "empty": TemplateFunction(.any) { call throws(Failure) in .bool(call[0].isEmpty) },
        "coalesce": TemplateFunction(rest: .any) { call throws(Failure) in
            call.values.first { !$0.isEmpty } ?? .none
        },
        "all": TemplateFunction(rest: .any) { call throws(Failure) in .bool(!call.values.contains { $0.isEmpty }) },
        "any": TemplateFunction(rest: .any) { call throws(Failure) in .bool(call.values.contains { !$0.isEmpty }) },
        "ternary": TemplateFunction(.any, .any, .bool) { call throws(Failure) in call[call.bool(2) ? 0 : 1] },
        "fromJson": TemplateFunction(.string) { call throws(Failure) in
            // What is no JSON is nil.
            (try JSONReader.read(call.bytes(0), call.budget)).value ?? .none
        },
        "mustFromJson": TemplateFunction(.string) { call throws(Failure) in
            let result = try JSONReader.read(call.bytes(0), call.budget)
            guard let value = result.value else { throw Failure("this is not JSON: \(result.problem)") }
            return value
        },
        "toJson": json(isForgiving: true), "mustToJson": json(),
        "toPrettyJson": json(isPretty: true, isForgiving: true), "mustToPrettyJson": json(isPretty: true),
        "toRawJson": json(escapesMarkup: false), "mustToRawJson": json(escapesMarkup: false),
        "fail": TemplateFunction(.string) { call throws(Failure) in throw Failure(call.text(0)) },
    ]

    /// `isForgiving`: whether infinity and what is no number make the text empty instead of failing.
    private static func json(
        isPretty: Bool = false, escapesMarkup: Bool = true, isForgiving: Bool = false
    ) -> TemplateFunction {
        TemplateFunction(.any) { call throws(Failure) in
            var writer = JSONWriter(budget: call.budget, isPretty: isPretty, escapesMarkup: escapesMarkup)
            try writer.write(call[0])
            if let number = writer.unsupported {
                guard isForgiving else { throw Failure("json: unsupported value: \(GoNumbers.text(number))") }
                return .string([])
            }
            return .string(writer.out)
        }
    }
}
