/// Numbers as YAML writes them without quotes, in all of its notations.
enum YAMLNumber {
    /// `text` in plain decimal digits if it is a whole number: `0x10` is 16, `010` is 8, `1e3` is 1000, `1_000` is 1000. Anything
    /// else, fractions and texts, stays as it is written.
    static func plain(_ text: String) -> String {
        guard let first = text.utf8.first, first < 0x3A, text.utf8.count <= 64 else { return text }
        return whole(text) ?? text
    }

    private static func whole(_ text: String) -> String? {
        var digits = text.filter { $0 != "_" }
        var isNegative = false
        if let sign = digits.first, sign == "-" || sign == "+" {
            isNegative = sign == "-"
            digits.removeFirst()
            guard digits.first != "-", digits.first != "+" else { return nil }
        }
        guard let magnitude = magnitude(digits) else { return nil }
        return isNegative && magnitude != 0 ? "-\(magnitude)" : "\(magnitude)"
    }

    private static func magnitude(_ digits: String) -> UInt64? {
        let lower = digits.lowercased()
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where lower.hasPrefix(prefix) {
            let rest = lower.dropFirst(2)
            return rest.first == "+" || rest.first == "-" ? nil : UInt64(rest, radix: radix)
        }
        if digits.utf8.allSatisfy({ $0 &- 0x30 < 10 }), !digits.isEmpty {
            if digits.utf8.count > 1, digits.hasPrefix("0"), let octal = UInt64(digits, radix: 8) { return octal }
            if let decimal = UInt64(digits) { return decimal }
        }
        // Words such as `inf` and `0x1p4` are numbers to the library, but not to YAML.
        guard digits.utf8.allSatisfy({ $0 &- 0x30 < 10 || ".eE+-".utf8.contains($0) }), let value = Double(digits)
        else {
            return nil
        }
        return UInt64(exactly: value)
    }
}
