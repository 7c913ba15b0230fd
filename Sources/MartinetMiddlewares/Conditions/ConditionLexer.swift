/// One word of a condition.
enum ConditionToken: Sendable, Equatable {
    case name(String)
    case literal(ConditionValue)
    case comparison(ConditionOperator)
    case and, or, not, open, close, comma, end

    /// As messages name it.
    var text: String {
        switch self {
        case .name(let name): "\"\(name)\""
        case .literal: "a literal"
        case .comparison(let comparison): "\"\(comparison.rawValue)\""
        case .and: "\"&&\""
        case .or: "\"||\""
        case .not: "\"!\""
        case .open: "\"(\""
        case .close: "\")\""
        case .comma: "\",\""
        case .end: "the end"
        }
    }
}

/// Cuts a condition into words, by Go's rules for names, numbers and strings.
struct ConditionLexer {
    private let text: [Unicode.Scalar]
    private var index = 0

    init(_ text: String) { self.text = Array(text.unicodeScalars) }

    /// The next word and where it begins, from 1.
    mutating func next() throws(ConditionError) -> (token: ConditionToken, position: Int) {
        while skipBlank() || skipComment() {}
        let position = index + 1
        guard index < text.count else { return (.end, position) }
        let scalar = text[index]
        if scalar.properties.isAlphabetic || scalar == "_" { return (.name(takeName()), position) }
        if isDigit(scalar) || scalar == "." { return (.literal(try takeNumber(position)), position) }
        if scalar == "\"" || scalar == "`" { return (.literal(try takeString(position)), position) }
        if let token = takeSign() { return (token, position) }
        throw ConditionError("unexpected character \"\(scalar)\"", at: position)
    }

    private mutating func skipBlank() -> Bool {
        guard index < text.count, text[index].properties.isWhitespace else { return false }
        index += 1
        return true
    }

    /// Passes over a comment, `//` up to the end of its line or `/*` up to `*/`. One that does not end is none.
    private mutating func skipComment() -> Bool {
        guard index + 1 < text.count, text[index] == "/" else { return false }
        if text[index + 1] == "/" {
            index = text[index...].firstIndex(of: "\n") ?? text.endIndex
            return true
        }
        guard text[index + 1] == "*" else { return false }
        var end = index + 2
        while end + 1 < text.count {
            if text[end] == "*", text[end + 1] == "/" {
                index = end + 2
                return true
            }
            end += 1
        }
        return false
    }

    private mutating func takeSign() -> ConditionToken? {
        let pair = index + 1 < text.count ? String(String.UnicodeScalarView(text[index...(index + 1)])) : ""
        let signs: [String: ConditionToken] = ["&&": .and, "||": .or, "!": .not, "(": .open, ")": .close, ",": .comma]
        for sign in [pair, String(Character(text[index]))] where !sign.isEmpty {
            guard let token = signs[sign] ?? ConditionOperator(rawValue: sign).map({ .comparison($0) }) else {
                continue
            }
            index += sign.unicodeScalars.count
            return token
        }
        return nil
    }

    private mutating func takeName() -> String {
        var name = String.UnicodeScalarView()
        while index < text.count {
            let scalar = text[index]
            guard scalar.properties.isAlphabetic || isDigit(scalar) || scalar == "_" || scalar == "." else { break }
            name.append(scalar)
            index += 1
        }
        return String(name)
    }

    /// Decimal integers and floating-point numbers. Go's other notations are integers to its grammar, but not to Traefik, which
    /// reads them with a function that knows decimal only.
    private mutating func takeNumber(_ position: Int) throws(ConditionError) -> ConditionValue {
        var digits = ""
        var previous: Unicode.Scalar = "0"
        while index < text.count {
            let scalar = text[index]
            let isSign = (scalar == "+" || scalar == "-") && (previous == "e" || previous == "E")
            guard scalar.properties.isAlphabetic || isDigit(scalar) || scalar == "." || isSign else { break }
            digits.unicodeScalars.append(scalar)
            previous = scalar
            index += 1
        }
        if digits.allSatisfy(\.isNumber), let integer = Int(digits) { return .integer(integer) }
        let spelt = digits.hasPrefix(".") ? "0" + digits : digits.hasSuffix(".") ? digits + "0" : digits
        guard spelt.contains(where: { ".eE".contains($0) }), !spelt.lowercased().hasPrefix("0x"),
            let number = Double(spelt),
            number.isFinite
        else { throw ConditionError("\"\(digits)\" is no number", at: position) }
        return .number(number)
    }

    private mutating func takeString(_ position: Int) throws(ConditionError) -> ConditionValue {
        let quote = text[index]
        var value = String.UnicodeScalarView()
        index += 1
        while index < text.count, text[index] != quote {
            if quote == "\"", text[index] == "\\", index + 1 < text.count {
                index += 1
                switch text[index] {
                case "\\", "\"": value.append(text[index])
                case "n": value.append("\n")
                case "t": value.append("\t")
                default: throw ConditionError("unknown escape \"\\\(text[index])\"", at: index + 1)
                }
            } else {
                value.append(text[index])
            }
            index += 1
        }
        guard index < text.count else { throw ConditionError("a string has no end", at: position) }
        index += 1
        return .text(String(value))
    }

    private func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar.value &- 0x30 < 10 }
}
