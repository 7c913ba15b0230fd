/// The declared options as a tree, for turning flat names (`--entrypoints.web.address`, `TRAEFIK_ENTRYPOINTS_WEB_ADDRESS`) into
/// sections.
struct OptionBranch {
    let type: any OptionValue.Type

    /// The branch below `name`, and the name as declared. Nil when there is none.
    func child(_ name: String) -> (name: String, branch: OptionBranch)? {
        switch type.shape {
        case .group(let group): return group.child(named: name)
        case .map(let element): return (name, OptionBranch(type: element))
        case .optional(let wrapped): return OptionBranch(type: wrapped).child(name)
        case .list(let element):
            guard name.hasPrefix("["), name.hasSuffix("]") else { return nil }
            return (name, OptionBranch(type: element))
        case .scalar:
            // A plugin's options have no declared names.
            return type == FreeformOptions.self ? (name, self) : nil
        }
    }

    /// Whether given without a value it means `true`.
    var takesNoValue: Bool {
        switch type.shape {
        case .group: true
        case .optional(let wrapped): OptionBranch(type: wrapped).takesNoValue
        case .scalar: type == Bool.self
        case .list, .map: false
        }
    }

    var childNames: [String] {
        switch type.shape {
        case .group(let group): group.fieldNames
        case .optional(let wrapped): OptionBranch(type: wrapped).childNames
        case .list, .map, .scalar: []
        }
    }
}

extension OptionGroup {
    static func child(named name: String) -> (name: String, branch: OptionBranch)? {
        guard let field = OptionTable.of(Self.self).field(named: name) else { return nil }
        return (field.name, OptionBranch(type: field.valueType))
    }

    static var fieldNames: [String] { fields.map(\.name) }
}

/// Sections under construction from flat names.
final class NodeBuilder {
    private var children: [(key: String, value: NodeBuilder)] = []
    private var text: String?
    private let position: SourcePosition

    init(position: SourcePosition) { self.position = position }

    func set(_ path: ArraySlice<String>, to value: String, at position: SourcePosition) {
        guard let first = path.first else {
            text = value
            return
        }
        // `list[0]` may be written as one part or two.
        let child = children.first { $0.key.lowercased() == first.lowercased() }?.value
        if let child { return child.set(path.dropFirst(), to: value, at: position) }
        let made = NodeBuilder(position: position)
        children.append((first, made))
        made.set(path.dropFirst(), to: value, at: position)
    }

    var node: ConfigNode {
        if children.isEmpty { return ConfigNode(.scalar(text ?? "true", quoted: false), at: position) }
        if children.allSatisfy({ $0.key.hasPrefix("[") }) {
            let items = children.sorted {
                (Int($0.key.dropFirst().dropLast()) ?? 0) < (Int($1.key.dropFirst().dropLast()) ?? 0)
            }
            return ConfigNode(.list(items.map(\.value.node)), at: position)
        }
        return ConfigNode(
            .map(children.map { .init(key: $0.key, position: $0.value.position, value: $0.value.node) }), at: position)
    }
}
