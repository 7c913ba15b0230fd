/// A value behind one reference: copying it, or a table of thousands of it, counts a reference instead of copying fields, and two
/// copies of the same are equal at a glance. Changing it copies the value first, unless nobody else has it.
@dynamicMemberLookup
package struct Boxed<Value: Sendable & Equatable>: @unchecked Sendable, Equatable {
    // Guard: `value` is changed only by the owner of the sole reference (see `modify`), so no two threads ever meet in it.
    private final class Storage {
        var value: Value

        init(_ value: Value) { self.value = value }
    }

    private var storage: Storage

    package init(_ value: Value) { storage = Storage(value) }

    package var value: Value {
        get { storage.value }
        _modify {
            if !isKnownUniquelyReferenced(&storage) { storage = Storage(storage.value) }
            yield &storage.value
        }
    }

    package subscript<Member>(dynamicMember path: KeyPath<Value, Member>) -> Member { storage.value[keyPath: path] }

    package subscript<Member>(dynamicMember path: WritableKeyPath<Value, Member>) -> Member {
        get { storage.value[keyPath: path] }
        _modify { yield &value[keyPath: path] }
    }

    package static func == (a: Boxed, b: Boxed) -> Bool {
        a.storage === b.storage || a.storage.value == b.storage.value
    }
}

extension Boxed: OptionValue where Value: OptionValue {
    package static var typeName: String { Value.typeName }
    package static var shape: OptionShape { Value.shape }

    package static func decode(_ node: ConfigNode, at path: String, _ context: inout DecodingContext) -> Boxed? {
        Value.decode(node, at: path, &context).map(Boxed.init)
    }

    package func encode() -> JSONValue? { value.encode() }
}
