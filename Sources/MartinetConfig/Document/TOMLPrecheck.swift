/// Finds the few mistakes on which the TOML library would end the process instead of reporting them (toml++ 3 asserts that they
/// cannot be): table headers that name no table, such as `[%]`; list items that are none, such as `[}`; dates with half a time.
///
/// Reads just enough of TOML to tell those from the same characters inside strings and comments. Where the text is no TOML for
/// another reason, the library stops before it could come to what was missed here.
struct TOMLPrecheck {
    /// A mistake, and how to repair it.
    struct Problem: Equatable {
        let line: Int
        let reason: String
        var remedy: String?
    }

    private let bytes: [UInt8]
    private var index = 0
    private var line = 1
    /// The brackets that are open in the statement being read.
    private var open: [UInt8] = []

    /// The first such mistake; nil when there is none.
    static func firstProblem(in text: String) -> Problem? {
        var check = TOMLPrecheck(text)
        return check.run()
    }

    private init(_ text: String) {
        bytes = Array(text.utf8)
        // A byte order mark may stand first.
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
    }

    private mutating func run() -> Problem? {
        while index < bytes.count {
            skipBlanks()
            if peek() == UInt8(ascii: "["), !skipHeaderStart() {
                return Problem(
                    line: line, reason: "a table header without a name", remedy: "write [name] or [\"name\"]")
            }
            if let reason = readStatement() { return Problem(line: line, reason: reason) }
        }
        return nil
    }

    private func peek(_ distance: Int = 0) -> UInt8? {
        index + distance < bytes.count ? bytes[index + distance] : nil
    }

    private mutating func skipBlanks() {
        while let byte = peek(), byte == 0x20 || byte == 0x09 { index += 1 }
    }

    /// Passes over the brackets; returns whether a name follows them, or something whose lack the library does report.
    private mutating func skipHeaderStart() -> Bool {
        index += 1
        skipBlanks()
        if peek() == UInt8(ascii: "[") {
            index += 1
            skipBlanks()
        }
        guard let byte = peek() else { return true }
        switch byte {
        case UInt8(ascii: "]"), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "-"), UInt8(ascii: "_"),
            0x30...0x39:
            return true
        default:
            return (byte | 0x20) &- 0x61 < 26
        }
    }

    /// Passes over the rest of a header or of a key with its value, line break included. Returns what is wrong with a value.
    private mutating func readStatement() -> String? {
        open.removeAll()
        var valueIsNext = false
        while let byte = peek() {
            switch byte {
            case 0x0A:
                index += 1
                line += 1
                if open.isEmpty { return nil }
                continue
            case 0x20, 0x09, 0x0D:
                index += 1
                continue
            case UInt8(ascii: "#"):
                while index < bytes.count, bytes[index] != 0x0A { index += 1 }
                continue
            default:
                break
            }
            if valueIsNext, let reason = problemOfValue() { return reason }
            valueIsNext = false
            switch byte {
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                open.append(byte)
                valueIsNext = byte == UInt8(ascii: "[")
                index += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                _ = open.popLast()
                index += 1
            case UInt8(ascii: ","):
                valueIsNext = open.last == UInt8(ascii: "[")
                index += 1
            case UInt8(ascii: "="):
                valueIsNext = true
                index += 1
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                skipString(byte)
            default:
                index += 1
            }
        }
        return nil
    }

    /// What is wrong with the value that begins here.
    private func problemOfValue() -> String? {
        switch (peek(), peek(1), peek(2)) {
        case (UInt8(ascii: "}"), _, _): "a value is missing before }"
        case (0xC2, 0x85, _), (0xE2, 0x80, 0xA8), (0xE2, 0x80, 0xA9): "a line break other than LF and CRLF"
        default: isHalfATime() ? "a date without a whole time behind it" : nil
        }
    }

    /// Whether a date stands here with a `T` that no digit follows, or a number or date with a blank and a single digit.
    private func isHalfATime() -> Bool {
        guard isDigit(at: 0) else { return false }
        if isDate(), let mark = peek(10), mark == UInt8(ascii: "T") || mark == UInt8(ascii: "t") {
            return !isDigit(at: 11)
        }
        var end = 1
        while let byte = peek(end), !Self.endsValue.contains(byte) { end += 1 }
        return peek(end) == 0x20 && isDigit(at: end + 1) && !isDigit(at: end + 2)
    }

    /// What the library takes for the end of a value; other control characters it takes for a part of one.
    private static let endsValue = Array(" \t\n\u{0B}\u{0C}\r,]}#".utf8)

    private func isDate() -> Bool {
        for (distance, mark) in "dddd-dd-dd".utf8.enumerated() {
            guard mark == UInt8(ascii: "-") ? peek(distance) == mark : isDigit(at: distance) else { return false }
        }
        return true
    }

    private func isDigit(at distance: Int) -> Bool { peek(distance).map { $0 &- 0x30 < 10 } ?? false }

    /// Passes over a string, which opens with one `quote` or with three of them.
    private mutating func skipString(_ quote: UInt8) {
        let long = peek(1) == quote && peek(2) == quote
        index += long ? 3 : 1
        while let byte = peek() {
            if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\""), peek(1) != 0x0A {
                index += 2
            } else if byte == 0x0A {
                // A short string that is not closed ends with its line.
                guard long else { return }
                line += 1
                index += 1
            } else if byte == quote, !long || (peek(1) == quote && peek(2) == quote) {
                index += long ? 3 : 1
                // Up to two quotes may stand right before the closing three.
                if long { for _ in 0..<2 where peek() == quote { index += 1 } }
                return
            } else {
                index += 1
            }
        }
    }
}
