/// A tree whose names nobody here knows, such as a plugin's options.
package struct FreeformOptions: OptionValue {
    package var value: JSONValue = .object([])

    package init() {}

    package static var typeName: String { "any options" }

    package static func decode(_ node: ConfigNode, at path: String, _ context: inout DecodingContext)
        -> FreeformOptions?
    {
        var options = FreeformOptions()
        options.value = json(node)
        return options
    }

    package func encode() -> JSONValue? { value }

    private static func json(_ node: ConfigNode) -> JSONValue {
        switch node.kind {
        case .null: .object([])
        case .scalar(let text, _): .string(text)
        case .list(let items): .array(items.map(json))
        case .map(let members): .object(members.map { .init($0.key, json($0.value)) })
        }
    }
}
