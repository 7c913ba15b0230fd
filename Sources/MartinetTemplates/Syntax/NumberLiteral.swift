import Glibc

/// A number as written: what Go calls an ideal constant, which may become an integer or a float where it is used.
struct NumberLiteral: Sendable {
    /// The value as an integer, if it is one.
    var integer: Int64?
    var double: Double
    /// Whether it is an integer wherever its type is free. A number with a point or an exponent is not.
    var prefersInteger: Bool

    /// A character constant.
    init(scalar: UInt32) {
        integer = Int64(scalar)
        double = Double(scalar)
        prefersInteger = true
    }

    /// A number in Go's syntax: decimal, `0x`, `0o`, `0b`, leading 0 for octal, underscores, fractions, exponents.
    /// - Throws: the reason.
    init(_ text: String) throws(Failure) {
        var rest = Substring(text)
        let isNegative = rest.first == "-"
        if rest.first == "-" || rest.first == "+" { rest.removeFirst() }
        guard !rest.contains("i") else {
            throw Failure("complex numbers (\(text)) are not known", remedy: "write a real number")
        }
        let digits = rest.filter { $0 != "_" }
        guard Self.underscoresStandWell(rest), !digits.isEmpty else { throw Self.malformed(text) }
        let lowered = digits.lowercased()
        let isHexadecimal = lowered.hasPrefix("0x")
        if let magnitude = Self.magnitude(lowered) {
            integer = Self.signed(magnitude, isNegative)
            guard integer != nil else { throw Failure("integer overflow: \(text)") }
            double = isNegative ? -Double(magnitude) : Double(magnitude)
            prefersInteger = true
            return
        }
        let isFloat = isHexadecimal ? lowered.contains("p") : lowered.contains { ".e".contains($0) }
        guard let value = isFloat ? Double(lowered) ?? Self.double(lowered) : nil, value.isFinite else {
            if !lowered.isEmpty, lowered.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), !lowered.hasPrefix("0") {
                throw Failure("integer overflow: \(text)")
            }
            throw Self.malformed(text)
        }
        double = isNegative ? -value : value
        integer = Int64(exactly: double)
        prefersInteger = false
    }

    private static func malformed(_ text: String) -> Failure {
        Failure("bad number syntax: \(GoQuoting.quoted(Array(text.utf8)))")
    }

    private static func double(_ text: String) -> Double? {
        // `1.` and `.5`, which Swift does not read.
        guard text.utf8.allSatisfy({ $0 < 0x80 && $0 != 0 }), text.contains(where: \.isNumber) else { return nil }
        var end: UnsafeMutablePointer<CChar>?
        return text.withCString { start -> Double? in
            let value = strtod(start, &end)
            return end.map { $0.pointee == 0 } == true ? value : nil
        }
    }

    private static func signed(_ magnitude: UInt64, _ isNegative: Bool) -> Int64? {
        guard isNegative else { return Int64(exactly: magnitude) }
        return magnitude == UInt64(Int64.max) + 1 ? Int64.min : Int64(exactly: magnitude).map { -$0 }
    }

    private static func magnitude(_ text: String) -> UInt64? {
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where text.hasPrefix(prefix) {
            return unsigned(text.dropFirst(2), radix)
        }
        return text.count > 1 && text.hasPrefix("0") ? unsigned(text.dropFirst(), 8) : unsigned(text[...], 10)
    }

    private static func unsigned(_ text: Substring, _ radix: Int) -> UInt64? {
        text.first == "+" || text.first == "-" ? nil : UInt64(text, radix: radix)
    }

    /// Underscores may stand between digits, and behind a prefix.
    private static func underscoresStandWell(_ text: Substring) -> Bool {
        !text.hasPrefix("_") && !text.hasSuffix("_") && !text.contains("__") && !text.contains("_.")
            && !text.contains("._")
    }
}
