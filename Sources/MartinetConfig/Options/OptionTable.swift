import Synchronization

/// A group's fields by lower-cased name, made once a type: a file of ten thousand routers decodes one type ten thousand times.
final class OptionTable<Group: OptionGroup>: Sendable {
    private let byName: [String: OptionField<Group>]

    init() {
        byName = Dictionary(Group.fields.map { ($0.name.lowercased(), $0) }) { first, _ in first }
    }

    func field(named name: String) -> OptionField<Group>? {
        byName[name] ?? byName[name.lowercased()]
    }

    static func of(_ group: Group.Type) -> OptionTable<Group> {
        OptionTables.shared.table(for: group)
    }
}

/// Guarded by a mutex; asked while configurations are read, never on the request path.
private final class OptionTables: Sendable {
    static let shared = OptionTables()
    private let tables = Mutex<[ObjectIdentifier: any Sendable]>([:])

    func table<Group: OptionGroup>(for group: Group.Type) -> OptionTable<Group> {
        let id = ObjectIdentifier(group)
        return tables.withLock { tables in
            if let known = tables[id] as? OptionTable<Group> { return known }
            let table = OptionTable<Group>()
            tables[id] = table
            return table
        }
    }
}
