/// A section of options: a struct whose properties are declared once, with name, meaning and default.
package protocol OptionGroup: OptionValue {
    /// All options at their defaults.
    init()
    /// The options in the order reference pages show them.
    static var fields: [OptionField<Self>] { get }
    /// Whether the section may be written without content (`{}`). Default false.
    static var allowsEmpty: Bool { get }
    /// Checks that concern several options at once.
    func validate(at path: String, node: ConfigNode, _ context: inout DecodingContext)
}

extension OptionGroup {
    package static var allowsEmpty: Bool { false }
    package static var typeName: String { "a section" }
    package static var shape: OptionShape { .group(Self.self) }
    package func validate(at path: String, node: ConfigNode, _ context: inout DecodingContext) {}

    package static func decode(_ node: ConfigNode, at path: String, _ context: inout DecodingContext) -> Self? {
        switch node.kind {
        case .null, .scalar("true", _):
            return empty(node, at: path, &context)
        case .map(let members) where members.isEmpty:
            return empty(node, at: path, &context)
        case .map(let members):
            return decode(members, node, at: path, &context)
        case .scalar, .list:
            return mismatch(node, at: path, &context)
        }
    }

    private static func empty(_ node: ConfigNode, at path: String, _ context: inout DecodingContext) -> Self? {
        guard allowsEmpty else {
            context.error(path, at: node.position, "is empty", remedy: "give it its options, or remove it")
            return nil
        }
        let value = Self()
        value.validate(at: path, node: node, &context)
        return value
    }

    private static func decode(
        _ members: [ConfigNode.Member], _ node: ConfigNode, at path: String, _ context: inout DecodingContext
    ) -> Self? {
        var value = Self()
        var complete = true
        let table = OptionTable.of(Self.self)
        for member in members {
            guard let field = table.field(named: member.key) else {
                let nearest = NearestName.of(member.key, among: fields.map(\.name))
                context.error(
                    path, at: member.position, "unknown option \"\(member.key)\"",
                    remedy: nearest.map { "did you mean \"\($0)\"?" } ?? "remove it"
                )
                complete = false
                continue
            }
            let place = path.isEmpty ? field.name : path + "." + field.name
            if let note = field.deprecated {
                context.warning(place, at: member.position, "is deprecated", remedy: note)
            }
            if !field.decode(member.value, place, &context, &value) { complete = false }
        }
        guard complete else { return nil }
        let before = context.diagnostics.count
        value.validate(at: path, node: node, &context)
        let refused = context.diagnostics[before...].contains { $0.severity == .error }
        return refused ? nil : value
    }

    package func encode() -> JSONValue? {
        let members = Self.fields.compactMap { field -> JSONValue.Member? in
            guard !field.isSecret, let value = field.encode(self) else { return nil }
            return .init(field.name, value)
        }
        return .object(members)
    }
}

/// One declared option.
package struct OptionField<Root: Sendable>: Sendable {
    package let name: String
    package let summary: String
    /// Never shown by the API or in logs.
    package let isSecret: Bool
    /// What to use instead, for options that will go.
    package let deprecated: String?
    package let typeName: String
    package let valueType: any OptionValue.Type
    let decode: @Sendable (ConfigNode, String, inout DecodingContext, inout Root) -> Bool
    package let encode: @Sendable (Root) -> JSONValue?

    /// - Parameters:
    ///   - text: what the option's text must be fit for, when it goes into messages.
    ///   - alwaysShown: the API shows the value even when it is 0, false or empty.
    package init<Value: OptionValue>(
        _ name: String, _ path: any WritableKeyPath<Root, Value> & Sendable, _ summary: String = "",
        text: MessageText? = nil, secret: Bool = false, deprecated: String? = nil, alwaysShown: Bool = false
    ) {
        self.name = name
        self.summary = summary
        self.isSecret = secret
        self.deprecated = deprecated
        self.typeName = Value.typeName
        self.valueType = Value.self
        self.decode = { node, place, context, root in
            guard let value = Value.decode(node, at: place, &context) else { return false }
            if let text, !text.check(value, node, at: place, &context) { return false }
            root[keyPath: path] = value
            return true
        }
        self.encode = { root in
            let value = root[keyPath: path]
            return value.encode() ?? (alwaysShown ? Optional(value).encode() : nil)
        }
    }
}
