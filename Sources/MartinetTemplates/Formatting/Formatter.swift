/// Go's `fmt`: how values are written, and `printf` with its verbs.
struct Formatter {
    /// What stands between `%` and the verb.
    struct Flags {
        var plus = false
        var minus = false
        var sharp = false
        var space = false
        var zero = false
        var width: Int?
        var precision: Int?
    }

    /// Longest padding, in characters; Go's own limit.
    static let widthLimit = 1_000_000

    let budget: Budget
    var out: [UInt8] = []
    var flags = Flags()

    init(_ budget: Budget) { self.budget = budget }

    /// Go's `%v`.
    static func text(_ value: Value, _ budget: Budget) throws(Failure) -> [UInt8] {
        if case .string(let bytes) = value { return bytes }
        var formatter = Formatter(budget)
        try formatter.write(value, "v")
        return formatter.out
    }

    /// Go's `Sprint`: blanks between values neither of which is a text.
    static func print(_ values: [Value], _ budget: Budget) throws(Failure) -> [UInt8] {
        var out: [UInt8] = []
        var wasText = true
        for (index, value) in values.enumerated() {
            var isText = false
            if case .string = value { isText = true }
            if index > 0, !isText, !wasText { out.append(0x20) }
            wasText = isText
            out.append(contentsOf: try text(value, budget))
        }
        return out
    }

    /// Go's `Sprintln`.
    static func printLine(_ values: [Value], _ budget: Budget) throws(Failure) -> [UInt8] {
        var out: [UInt8] = []
        for (index, value) in values.enumerated() {
            if index > 0 { out.append(0x20) }
            out.append(contentsOf: try text(value, budget))
        }
        return out + [0x0A]
    }

    // MARK: Values

    /// Writes one value, or in Go's words what is wrong with its verb.
    mutating func write(_ value: Value, _ verb: Character, depth: Int = 0) throws(Failure) {
        guard depth < Budget.valueDepth else { throw Budget.tooDeep }
        let before = out.count
        try budget.step()
        defer { flags = depth == 0 ? Flags() : flags }
        if verb == "T", depth == 0 { return pad(Array(value.typeName.utf8)) }
        switch value {
        case .none:
            if verb == "v" {
                pad(Array((flags.sharp && depth > 0 ? "interface {}(nil)" : "<nil>").utf8))
            } else {
                wrong(verb, "<nil>")
            }
        case .bool(let truth):
            if verb == "t" || verb == "v" { pad(Array("\(truth)".utf8)) } else { try wrong(verb, value) }
        case .integer(let number, let kind):
            if let described = described(value, verb) {
                try string(described, verb, value)
            } else {
                try integer(number, kind, verb, value)
            }
        case .double(let number): try double(number, verb, value)
        case .string(let bytes): try string(bytes, verb, value)
        case .time, .version: try string(described(value, "v") ?? [], verb, value)
        case .list(let list): try self.list(list, verb, depth)
        case .map(let map): try self.map(map, verb, depth)
        case .structure(let structure):
            out.append(UInt8(ascii: "{"))
            for (index, name) in structure.fields.keys.sorted().enumerated() {
                if index > 0 { out.append(0x20) }
                try write(structure.fields[name] ?? .none, verb, depth: depth + 1)
            }
            out.append(UInt8(ascii: "}"))
        }
        try budget.allocate(out.count - before)
    }

    /// The text of values that have a method `String` in Go.
    private func described(_ value: Value, _ verb: Character) -> [UInt8]? {
        guard "vsxXq".contains(verb) else { return nil }
        switch value {
        case .time(let time): return Array(time.description.utf8)
        case .version(let version): return Array(version.description.utf8)
        case .integer(let number, .duration): return Array(GoDuration.text(number).utf8)
        case .integer(let number, .month): return Array(GoCalendar.monthName(Int(number)).utf8)
        case .integer(let number, .weekday): return Array(GoCalendar.weekdayName(Int(number)).utf8)
        default: return nil
        }
    }

    private mutating func list(_ list: ListValue, _ verb: Character, _ depth: Int) throws(Failure) {
        let isSource = flags.sharp && verb == "v"
        if isSource, list.isNil { return pad(Array("[]\(list.element.rawValue)(nil)".utf8)) }
        out.append(contentsOf: (isSource ? "[]\(list.element.rawValue){" : "[").utf8)
        for (index, item) in list.items.enumerated() {
            if index > 0 { out.append(contentsOf: (isSource ? ", " : " ").utf8) }
            try write(item, verb, depth: depth + 1)
        }
        out.append(UInt8(ascii: isSource ? "}" : "]"))
    }

    private mutating func map(_ map: MapValue, _ verb: Character, _ depth: Int) throws(Failure) {
        let isSource = flags.sharp && verb == "v"
        out.append(contentsOf: (isSource ? "\(Value.map(map).typeName){" : "map[").utf8)
        for (index, key) in map.sortedKeys.enumerated() {
            if index > 0 { out.append(contentsOf: (isSource ? ", " : " ").utf8) }
            try write(.string(key), verb, depth: depth + 1)
            out.append(UInt8(ascii: ":"))
            try write(map.entries[key] ?? .none, verb, depth: depth + 1)
        }
        out.append(UInt8(ascii: isSource ? "}" : "]"))
    }

    private mutating func wrong(_ verb: Character, _ value: Value) throws(Failure) {
        flags = Flags()
        let shown = try Self.text(value, budget)
        wrong(verb, value.typeName + "=" + String(decoding: shown, as: UTF8.self))
    }

    private mutating func wrong(_ verb: Character, _ what: String) {
        out.append(contentsOf: "%!\(verb)(\(what))".utf8)
    }

    // MARK: Texts

    private mutating func string(_ bytes: [UInt8], _ verb: Character, _ value: Value) throws(Failure) {
        switch verb {
        case "v" where flags.sharp: pad(GoQuoting.quotedBytes(bytes, quote: UInt8(ascii: "\""), onlyASCII: false))
        case "v", "s": pad(truncated(bytes))
        case "q":
            let text = truncated(bytes)
            if flags.sharp, !text.contains(where: { $0 == UInt8(ascii: "`") || ($0 < 0x20 && $0 != 9) || $0 == 0x7F }) {
                pad([UInt8(ascii: "`")] + text + [UInt8(ascii: "`")])
            } else {
                pad(GoQuoting.quotedBytes(text, quote: UInt8(ascii: "\""), onlyASCII: flags.plus))
            }
        case "x", "X": hexadecimal(bytes, isUpper: verb == "X")
        default: try wrong(verb, value)
        }
    }

    private func truncated(_ bytes: [UInt8]) -> [UInt8] {
        guard let precision = flags.precision else { return bytes }
        var end = 0
        for _ in 0..<max(0, precision) where end < bytes.count { end += UTF8Text.scalar(in: bytes, at: end).length }
        return Array(bytes.prefix(end))
    }

    private mutating func hexadecimal(_ bytes: [UInt8], isUpper: Bool) {
        var text: [UInt8] = []
        let prefix = flags.sharp ? (isUpper ? "0X" : "0x") : ""
        for (index, byte) in bytes.prefix(flags.precision ?? bytes.count).enumerated() {
            if flags.space, index > 0 { text.append(0x20) }
            if flags.space || index == 0 { text.append(contentsOf: prefix.utf8) }
            let digits = String(byte, radix: 16, uppercase: isUpper)
            text.append(contentsOf: ((digits.utf8.count < 2 ? "0" : "") + digits).utf8)
        }
        pad(text)
    }

    // MARK: Numbers

    private mutating func integer(
        _ number: Int64, _ kind: IntegerKind, _ verb: Character, _ value: Value
    ) throws(Failure) {
        switch verb {
        case "v" where flags.sharp && kind.isUnsigned: integer(number, radix: 16, prefix: "0x")
        case "v", "d": integer(number, radix: 10)
        case "b": integer(number, radix: 2, prefix: flags.sharp ? "0b" : "")
        case "o": integer(number, radix: 8, prefix: flags.sharp ? "0" : "")
        case "O": integer(number, radix: 8, prefix: "0o")
        case "x": integer(number, radix: 16, prefix: flags.sharp ? "0x" : "")
        case "X": integer(number, radix: 16, prefix: flags.sharp ? "0X" : "", isUpper: true)
        case "c": pad(UTF8Text.bytes(of: [UInt32(exactly: number) ?? UTF8Text.replacement]))
        case "q":
            let text = UTF8Text.bytes(of: [UInt32(exactly: number) ?? UTF8Text.replacement])
            pad(GoQuoting.quotedBytes(text, quote: UInt8(ascii: "'"), onlyASCII: flags.plus))
        case "U":
            let digits = String(UInt64(bitPattern: number), radix: 16, uppercase: true)
            var text =
                "U+"
                + String(
                    repeating: "0", count: max(0, max(4, min(flags.precision ?? 4, Self.widthLimit)) - digits.count))
                + digits
            if flags.sharp, let scalar = UInt32(exactly: number), UTF8Text.isPrintable(scalar) {
                text += " '" + String(decoding: UTF8Text.bytes(of: [scalar]), as: UTF8.self) + "'"
            }
            flags.zero = false
            pad(Array(text.utf8))
        default: try wrong(verb, value)
        }
    }

    private mutating func integer(_ number: Int64, radix: Int, prefix: String = "", isUpper: Bool = false) {
        if flags.precision == 0, number == 0 {
            flags.zero = false
            return pad([])
        }
        var digits = String(number.magnitude, radix: radix, uppercase: isUpper)
        let sign = number < 0 ? "-" : flags.plus ? "+" : flags.space ? " " : ""
        var least = flags.precision ?? 0
        if flags.precision == nil, flags.zero, !flags.minus, let width = flags.width { least = width - sign.utf8.count }
        digits = String(repeating: "0", count: max(0, min(least, Self.widthLimit) - digits.utf8.count)) + digits
        if prefix != "0" || !digits.hasPrefix("0") { digits = prefix + digits }
        flags.zero = false
        pad(Array((sign + digits).utf8))
    }

    private mutating func double(_ number: Double, _ verb: Character, _ value: Value) throws(Failure) {
        var text: String
        switch verb {
        case "v": text = shortest(number, "g")
        case "g", "G":
            text = flags.precision.map { GoNumbers.text(number, verb: verb, precision: $0) } ?? shortest(number, verb)
        case "e", "E", "f", "F":
            text = GoNumbers.text(number, verb: verb == "F" ? "f" : verb, precision: flags.precision ?? 6)
        case "b": text = GoNumbers.binary(number)
        case "x", "X": text = GoNumbers.hexadecimal(number, precision: flags.precision, isUpper: verb == "X")
        default: return try wrong(verb, value)
        }
        if flags.sharp, verb != "v", verb != "b", number.isFinite { text = sharpened(text, verb) }
        if !text.hasPrefix("-"), !text.hasPrefix("+") { text = (flags.plus ? "+" : flags.space ? " " : "") + text }
        guard flags.zero, !flags.minus, number.isFinite, let width = flags.width, width > text.utf8.count else {
            flags.zero = flags.zero && number.isFinite
            return pad(Array(text.utf8))
        }
        let sign = text.first.map { "+- ".contains($0) } == true ? String(text.removeFirst()) : ""
        let zeros = String(
            repeating: "0", count: max(0, min(width, Self.widthLimit) - sign.utf8.count - text.utf8.count))
        flags.width = nil
        pad(Array((sign + zeros + text).utf8))
    }

    /// What `#` makes of a number: it has a point in any case, and with some verbs all the zeros its precision has room for.
    private func sharpened(_ text: String, _ verb: Character) -> String {
        let isHexadecimal = verb == "x" || verb == "X"
        let end = text.firstIndex { "pP".contains($0) || !isHexadecimal && "eE".contains($0) } ?? text.endIndex
        let digits = text[..<end].drop { $0 == "-" }
        var zeros = "gGx".contains(verb) ? flags.precision ?? 6 : 0
        zeros -= digits.drop { $0 == "0" || $0 == "." }.count { $0 != "." }
        if digits.contains(".") {
            return text[..<end] + String(repeating: "0", count: max(0, zeros)) + text[end...]
        }
        if digits == "0" { zeros -= 1 }
        return text[..<end] + "." + String(repeating: "0", count: max(0, zeros)) + text[end...]
    }

    private func shortest(_ number: Double, _ verb: Character) -> String {
        GoNumbers.text(number, verb: verb, precision: flags.precision)
    }

    // MARK: Padding

    private mutating func pad(_ bytes: [UInt8]) {
        guard let width = flags.width, width > 0 else { return out.append(contentsOf: bytes) }
        var length = 0
        var index = 0
        while index < bytes.count {
            index += UTF8Text.scalar(in: bytes, at: index).length
            length += 1
        }
        let filling = [UInt8](
            repeating: flags.zero && !flags.minus ? UInt8(ascii: "0") : 0x20,
            count: max(0, min(width, Self.widthLimit) - length))
        out.append(contentsOf: flags.minus ? bytes + filling : filling + bytes)
    }
}
