/// The functions of Go's `text/template` itself, comparisons apart.
enum Builtins {
    static let table: [String: TemplateFunction] = [
        "print": TemplateFunction(rest: .any) { call throws(Failure) in
            try call.budget.string(try Formatter.print(call.values, call.budget))
        },
        "println": TemplateFunction(rest: .any) { call throws(Failure) in
            try call.budget.string(try Formatter.printLine(call.values, call.budget))
        },
        "printf": TemplateFunction(.string, rest: .any) { call throws(Failure) in
            try call.budget.string(
                try Formatter.printf(call.bytes(0), Array(call.values.dropFirst()), call.budget))
        },
        "html": TemplateFunction(rest: .any) { call throws(Failure) in
            try call.budget.string(escaped(try joined(call), htmlEscape))
        },
        "js": TemplateFunction(rest: .any) { call throws(Failure) in
            let text = try joined(call)
            return try call.budget.string(UTF8Text.scalars(of: text).flatMap { scriptEscape($0) })
        },
        "urlquery": TemplateFunction(rest: .any) { call throws(Failure) in
            try call.budget.string(URLText.escaped(try joined(call), in: .query))
        },
        "not": TemplateFunction(.any) { call throws(Failure) in .bool(!call[0].isTrue) },
        "len": TemplateFunction(.any) { call throws(Failure) in try length(call[0]) },
        "index": TemplateFunction(.any, rest: .any) { call throws(Failure) in
            var value = call[0]
            for key in call.values.dropFirst() { value = try element(key, of: value) }
            return value
        },
        "call": TemplateFunction(.any, rest: .any) { call throws(Failure) in
            if case .none = call[0] { throw Failure("call of nil") }
            throw Failure("non-function of type \(call[0].typeName)", remedy: "functions are called by their names")
        },
    ]

    private static func joined(_ call: Call) throws(Failure) -> [UInt8] {
        if call.values.count == 1, case .string(let bytes) = call[0] { return bytes }
        let values = call.values.map { value in
            if case .none = value { return Value.text("<no value>") }
            return value
        }
        return try Formatter.print(values, call.budget)
    }

    private static func escaped(_ bytes: [UInt8], _ escape: (UInt8) -> String?) -> [UInt8] {
        var out: [UInt8] = []
        for byte in bytes {
            if let text = escape(byte) { out.append(contentsOf: text.utf8) } else { out.append(byte) }
        }
        return out
    }

    private static func htmlEscape(_ byte: UInt8) -> String? {
        switch byte {
        case 0: "\u{FFFD}"
        case UInt8(ascii: "\""): "&#34;"
        case UInt8(ascii: "'"): "&#39;"
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
        default: nil
        }
    }

    private static func scriptEscape(_ scalar: UInt32) -> [UInt8] {
        switch scalar {
        case 0x5C: return Array("\\\\".utf8)
        case 0x27: return Array("\\'".utf8)
        case 0x22: return Array("\\\"".utf8)
        case 0x3C, 0x3E, 0x26, 0x3D, ..<0x20: break
        default: if UTF8Text.isPrintable(scalar) { return UTF8Text.bytes(of: [scalar]) }
        }
        let digits = String(scalar, radix: 16, uppercase: true)
        return Array(("\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits).utf8)
    }

    private static func length(_ value: Value) throws(Failure) -> Value {
        switch value {
        case .string(let bytes): return .int(bytes.count)
        case .list(let list): return .int(list.items.count)
        case .map(let map): return .int(map.entries.count)
        case .none: throw Failure("len of nil pointer")
        case .bool, .integer, .double, .time, .version, .structure:
            throw Failure("len of type \(value.typeName)", remedy: "len takes texts, lists and dictionaries")
        }
    }

    private static func element(_ key: Value, of value: Value) throws(Failure) -> Value {
        switch value {
        case .list(let list): return list.items[try index(key, list.items.count)]
        case .string(let bytes): return .integer(Int64(bytes[try index(key, bytes.count)]), .uint8)
        case .map(let map):
            guard case .string(let name) = key else {
                throw Failure("value has type \(key.typeName); should be string")
            }
            return map.entries[name] ?? (map.holdsTexts ? .string([]) : .none)
        case .none: throw Failure("index of untyped nil")
        case .bool, .integer, .double, .time, .version, .structure:
            throw Failure("can't index item of type \(value.typeName)")
        }
    }

    private static func index(_ key: Value, _ count: Int) throws(Failure) -> Int {
        switch key {
        case .integer(let index, _):
            guard index >= 0, index < count else { throw Failure("index out of range: \(index)") }
            return Int(index)
        case .none: throw Failure("cannot index slice/array with nil")
        default: throw Failure("cannot index slice/array with type \(key.typeName)")
        }
    }
}
