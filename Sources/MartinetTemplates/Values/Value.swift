/// A value while a template is rendered: what Go's `reflect.Value` is to its templates.
///
/// Text is bytes, as in Go, because templates may cut it anywhere.
enum Value {
    /// Go's nil, and what is missing.
    case none
    case bool(Bool)
    case integer(Int64, IntegerKind)
    case double(Double)
    case string([UInt8])
    case list(ListValue)
    case map(MapValue)
    case time(TimeValue)
    case version(SemanticVersion)
    case structure(StructureValue)

    /// Go's `int`.
    static func int(_ value: Int) -> Value { .integer(Int64(value), .int) }
    static func text(_ text: String) -> Value { .string(Array(text.utf8)) }
    static func strings(_ items: [[UInt8]]) -> Value { .list(ListValue(items.map { .string($0) }, of: .string)) }

    /// Levels of lists within it, so that no value can be so deep that walking it exhausts the stack.
    var depth: Int {
        if case .list(let list) = self { return list.depth }
        return 0
    }
}

/// The types of integers that functions make.
enum IntegerKind: String {
    case int, int32, int64, uint8, uint32, uint64
    case duration = "time.Duration"
    case month = "time.Month"
    case weekday = "time.Weekday"

    /// Go's name of the kind below the type.
    var kind: String {
        switch self {
        case .duration: "int64"
        case .month, .weekday: "int"
        case .int, .int32, .int64, .uint8, .uint32, .uint64: rawValue
        }
    }

    var isUnsigned: Bool { self == .uint8 || self == .uint32 || self == .uint64 }
}

/// Go's slice. A value: functions make new ones.
struct ListValue {
    enum Element: String {
        case any = "interface {}"
        case string, int
        case list = "[]interface {}"
    }

    let items: [Value]
    let element: Element
    /// Levels of lists, this one included.
    let depth: Int
    /// Whether it is Go's nil slice, which is empty, equal to nil, and `null` as JSON.
    let isNil: Bool

    /// Deeper lists are emptied out by ``Budget/list(_:of:)`` before they come into being.
    init(_ items: [Value], of element: Element = .any, isNil: Bool = false) {
        self.isNil = isNil
        self.items = items
        self.element = element
        depth = 1 + (element == .string || element == .int ? 0 : items.reduce(0) { max($0, $1.depth) })
    }
}

/// Go's map with texts for keys. Shared, for `set` and `unset` change it.
///
/// The budget of a rendering knows all of them and empties them in the end, since a map may be put into itself.
final class MapValue {
    var entries: [[UInt8]: Value]
    /// Whether it is a `map[string]string` rather than a `map[string]interface {}`.
    let holdsTexts: Bool

    init(_ entries: [[UInt8]: Value], holdsTexts: Bool = false) {
        self.entries = entries
        self.holdsTexts = holdsTexts
    }

    var sortedKeys: [[UInt8]] { entries.keys.sorted { $0.lexicographicallyPrecedes($1) } }
}

/// Go's struct, as data brings it.
final class StructureValue {
    let type: String
    let fields: [String: Value]

    init(type: String, fields: [String: Value]) {
        self.type = type
        self.fields = fields
    }
}
