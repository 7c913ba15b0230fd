/// Cuts a template into tokens, as Go's `text/template/parse` does.
struct Lexer {
    /// A syntax error, with its place in bytes.
    struct Problem: Error {
        var place: Int
        var reason: String
        var remedy: String?
    }

    private let source: [UInt8]
    private var index = 0
    private var tokens: [Token] = []
    /// Places of the parentheses that are open.
    private var parentheses: [Int] = []

    private init(_ source: [UInt8]) { self.source = source }

    static func tokens(of source: [UInt8]) throws(Problem) -> [Token] {
        var lexer = Lexer(source)
        try lexer.run()
        return lexer.tokens
    }

    // MARK: Text

    private mutating func run() throws(Problem) {
        var start = 0
        while true {
            guard let open = find("{{", from: start) else {
                addText(start..<source.count)
                add(.end, source.count..<source.count)
                return
            }
            let trims = byte(open + 2) == UInt8(ascii: "-") && isSpace(byte(open + 3))
            var end = open
            if trims { while end > start, isSpace(source[end - 1]) { end -= 1 } }
            addText(start..<end)
            index = open + (trims ? 4 : 2)
            let afterMarker = trims ? open + 3 : index
            if let close = try comment(at: trims ? afterMarker + 1 : afterMarker) {
                start = close
                continue
            }
            add(.leftDelimiter, open..<index)
            start = try action(openedAt: open)
        }
    }

    /// The place behind a comment that begins here, which must be the whole action.
    private func comment(at place: Int) throws(Problem) -> Int? {
        guard byte(place) == UInt8(ascii: "/"), byte(place + 1) == UInt8(ascii: "*") else { return nil }
        guard let end = find("*/", from: place + 2) else {
            throw Problem(place: place, reason: "unclosed comment", remedy: "end it with */}}")
        }
        guard let close = closing(at: end + 2) else {
            throw Problem(
                place: place, reason: "comment ends before closing delimiter",
                remedy: "a comment stands alone: {{/* … */}}")
        }
        return behind(close)
    }

    private mutating func addText(_ range: SourceRange) {
        if !range.isEmpty { add(.text, range) }
    }

    // MARK: Actions

    /// Reads up to and with the closing delimiter; returns where text goes on.
    private mutating func action(openedAt open: Int) throws(Problem) -> Int {
        parentheses = []
        while true {
            if let close = closing(at: index) {
                if let unclosed = parentheses.last {
                    throw Problem(place: unclosed, reason: "unclosed left parenthesis", remedy: "close it with )")
                }
                add(.rightDelimiter, close.range)
                return behind(close)
            }
            guard index < source.count else {
                throw Problem(
                    place: open, reason: "unclosed action",
                    remedy: "end it with }}; write {{ \"{{\" }} for the text {{")
            }
            try token()
        }
    }

    private mutating func token() throws(Problem) {
        let start = index
        let first = source[start]
        switch first {
        case _ where isSpace(first):
            while isSpace(byte(index)), closing(at: index) == nil { index += 1 }
            add(.space, start..<index)
        case UInt8(ascii: ":"):
            guard byte(start + 1) == UInt8(ascii: "=") else {
                throw Problem(place: start, reason: "expected :=", remedy: "variables are made with :=")
            }
            index += 2
            add(.declare, start..<index)
        case UInt8(ascii: "="): single(.assign)
        case UInt8(ascii: "|"): single(.pipe)
        case UInt8(ascii: ","): single(.comma)
        case UInt8(ascii: "("):
            parentheses.append(start)
            single(.leftParenthesis)
        case UInt8(ascii: ")"):
            guard parentheses.popLast() != nil else {
                throw Problem(place: start, reason: "unexpected right parenthesis", remedy: nil)
            }
            single(.rightParenthesis)
        case UInt8(ascii: "\""): try quotation()
        case UInt8(ascii: "`"): try rawQuotation()
        case UInt8(ascii: "'"): try character()
        case UInt8(ascii: "."):
            if isDigit(byte(start + 1)) { try number() } else { try fieldOrVariable() }
        case UInt8(ascii: "$"): try fieldOrVariable()
        case UInt8(ascii: "+"), UInt8(ascii: "-"): try number()
        case _ where isDigit(first): try number()
        case _ where isWord(first): try word()
        default:
            let shown = GoQuoting.character(in: source, at: start)
            throw Problem(place: start, reason: "unrecognized character in action: \(shown)", remedy: nil)
        }
    }

    private mutating func single(_ kind: Token.Kind) {
        add(kind, index..<(index + 1))
        index += 1
    }

    private mutating func word() throws(Problem) {
        let start = index
        while isWord(byte(index)) { index += 1 }
        try mustEndHere()
        let text = self.text(start..<index)
        switch text {
        case "true", "false": add(.bool(text == "true"), start..<index)
        case "nil": add(.null, start..<index)
        default:
            add(Token.Keyword(rawValue: text).map { .keyword($0) } ?? .identifier(text), start..<index)
        }
    }

    private mutating func fieldOrVariable() throws(Problem) {
        let start = index
        index += 1
        while isWord(byte(index)) { index += 1 }
        try mustEndHere()
        if source[start] == UInt8(ascii: "$") {
            add(.variable(text(start..<index)), start..<index)
        } else {
            add(index == start + 1 ? .dot : .field(text((start + 1)..<index)), start..<index)
        }
    }

    private mutating func number() throws(Problem) {
        let start = index
        if byte(index) == UInt8(ascii: "+") || byte(index) == UInt8(ascii: "-") { index += 1 }
        let isHexadecimal = byte(index) == UInt8(ascii: "0") && byte(index + 1) | 0x20 == UInt8(ascii: "x")
        while let next = source[safe: index], isWord(next) || next == UInt8(ascii: ".") {
            index += 1
            let isExponent = next | 0x20 == UInt8(ascii: isHexadecimal ? "p" : "e")
            if isExponent, byte(index) == UInt8(ascii: "+") || byte(index) == UInt8(ascii: "-") { index += 1 }
        }
        add(.number(text(start..<index)), start..<index)
    }

    // MARK: Quotations

    private mutating func quotation() throws(Problem) {
        let start = index
        index += 1
        while byte(index) != UInt8(ascii: "\"") {
            guard index < source.count, source[index] != UInt8(ascii: "\n") else {
                throw Problem(
                    place: start, reason: "unterminated quoted string", remedy: "close it with \" in the same line")
            }
            index += source[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        index += 1
        guard index <= source.count, let value = GoQuoting.unquoted(source[(start + 1)..<(index - 1)], quote: "\"")
        else {
            throw Problem(
                place: start, reason: "invalid syntax in \(text(start..<min(index, source.count)))",
                remedy: "a backslash is written \\\\, or put the text between backquotes")
        }
        add(.string(value), start..<index)
    }

    private mutating func rawQuotation() throws(Problem) {
        let start = index
        guard let end = source[(start + 1)...].firstIndex(of: UInt8(ascii: "`")) else {
            throw Problem(place: start, reason: "unterminated raw quoted string", remedy: "close it with `")
        }
        index = end + 1
        // As in Go, carriage returns are not part of it.
        add(.string(source[(start + 1)..<end].filter { $0 != 0x0D }), start..<index)
    }

    private mutating func character() throws(Problem) {
        let start = index
        index += 1
        while byte(index) != UInt8(ascii: "'") {
            guard index < source.count, source[index] != UInt8(ascii: "\n") else {
                throw Problem(place: start, reason: "unterminated character constant", remedy: "texts stand between \"")
            }
            index += source[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        index += 1
        let scalars = index <= source.count ? GoQuoting.scalars(source[(start + 1)..<(index - 1)], quote: "'") : nil
        guard let scalars, scalars.count == 1 else {
            throw Problem(place: start, reason: "malformed character constant", remedy: "texts stand between \"")
        }
        add(.character(scalars[0]), start..<index)
    }

    // MARK: Bytes

    private struct Closing {
        var range: SourceRange
        var trims: Bool
    }

    /// `}}` or ` -}}` here.
    private func closing(at place: Int) -> Closing? {
        if isSpace(byte(place)), byte(place + 1) == UInt8(ascii: "-"), isClosing(place + 2) {
            return Closing(range: place..<(place + 4), trims: true)
        }
        return isClosing(place) ? Closing(range: place..<(place + 2), trims: false) : nil
    }

    private func isClosing(_ place: Int) -> Bool {
        byte(place) == UInt8(ascii: "}") && byte(place + 1) == UInt8(ascii: "}")
    }

    private func behind(_ close: Closing) -> Int {
        var place = close.range.upperBound
        if close.trims { while isSpace(byte(place)) { place += 1 } }
        return place
    }

    /// What follows a name must end it.
    private func mustEndHere() throws(Problem) {
        guard let next = source[safe: index], !isSpace(next), !".,|:()=".utf8.contains(next), !isClosing(index) else {
            return
        }
        let shown = GoQuoting.character(in: source, at: index)
        throw Problem(
            place: index, reason: "bad character \(shown)",
            remedy: "names are letters, digits and underscores; use index for other keys: index .Labels \"a-b\"")
    }

    private mutating func add(_ kind: Token.Kind, _ range: SourceRange) {
        tokens.append(Token(kind: kind, range: range))
    }

    private func find(_ text: StaticString, from start: Int) -> Int? {
        let first = text.utf8Start[0]
        let second = text.utf8Start[1]
        var place = start
        while place + 1 < source.count {
            if source[place] == first, source[place + 1] == second { return place }
            place += 1
        }
        return nil
    }

    private func byte(_ place: Int) -> UInt8 { source[safe: place] ?? 0 }
    private func text(_ range: SourceRange) -> String { String(decoding: source[range], as: UTF8.self) }
    private func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
    private func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
    /// Letters beyond ASCII are taken as they come: there is nothing else they could be.
    private func isWord(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "_") || isDigit(byte) || (byte | 0x20) &- 0x61 < 26 || byte >= 0x80
    }
}

extension Array {
    /// Nil beyond the ends.
    subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
