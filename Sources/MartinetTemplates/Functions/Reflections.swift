/// What values are.
enum Reflections {
    static let table: [String: TemplateFunction] = [
        "typeOf": TemplateFunction(.any) { call throws(Failure) in .text(call[0].typeName) },
        "typeIs": TemplateFunction(.string, .any) { call throws(Failure) in .bool(call.text(0) == call[1].typeName) },
        "typeIsLike": TemplateFunction(.string, .any) { call throws(Failure) in
            .bool(call.text(0) == call[1].typeName || "*" + call.text(0) == call[1].typeName)
        },
        "kindOf": TemplateFunction(.any) { call throws(Failure) in .text(call[0].kindName) },
        "kindIs": TemplateFunction(.string, .any) { call throws(Failure) in .bool(call.text(0) == call[1].kindName) },
        "deepEqual": TemplateFunction(.any, .any) { call throws(Failure) in
            .bool(try call[0].isDeeplyEqual(to: call[1]))
        },
    ]
}
