import Glibc

/// Numbers as Go writes them.
enum GoNumbers {
    /// Go's `strconv.FormatFloat`. `precision` nil stands for as few digits as tell the value from its neighbours.
    static func text(_ value: Double, verb: Character = "g", precision: Int? = nil) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        guard let precision else { return shortest(value, verb) }
        let format = "%.\(min(max(0, precision), 1100))\(verb)"
        return withVaList([value]) { arguments in
            let capacity = 2048
            var buffer = [CChar](repeating: 0, count: capacity)
            let length = vsnprintf(&buffer, capacity, format, arguments)
            let count = min(max(0, Int(length)), capacity - 1)
            return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    /// `4503599627370496p-52`: all the bits of the significand, and the power of two it is multiplied by.
    static func binary(_ value: Double) -> String {
        guard value.isFinite else { return text(value) }
        let significand = value.significandBitPattern | (value.exponentBitPattern > 0 ? 1 << 52 : 0)
        let exponent = Int(max(1, value.exponentBitPattern)) - 1075
        return (value.sign == .minus ? "-" : "") + "\(significand)p" + (exponent < 0 ? "" : "+") + "\(exponent)"
    }

    /// `0x1.8p+00`: Go's exponents have two digits where those of C have one.
    static func hexadecimal(_ value: Double, precision: Int?, isUpper: Bool) -> String {
        guard value.isFinite else { return text(value) }
        var out = precision.map { text(value, verb: "a", precision: $0) } ?? Self.exactHexadecimal(value)
        if let sign = out.lastIndex(where: { $0 == "+" || $0 == "-" }), out[sign...].count == 2 {
            out.insert("0", at: out.index(after: sign))
        }
        return isUpper ? out.uppercased() : out
    }

    private static func exactHexadecimal(_ value: Double) -> String {
        withVaList([value]) { arguments in
            var buffer = [CChar](repeating: 0, count: 64)
            let length = vsnprintf(&buffer, 64, "%a", arguments)
            return String(
                decoding: buffer.prefix(min(max(0, Int(length)), 63)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }

    /// Digits without zeros at their ends, and where the point stands behind the first of them.
    private static func digits(of value: Double) -> (digits: [UInt8], point: Int) {
        var digits: [UInt8] = []
        var point = 0
        var hasPoint = false
        let parts = value.magnitude.description.split(separator: "e", maxSplits: 1)
        for byte in (parts.first ?? "0").utf8 {
            if byte == UInt8(ascii: ".") {
                hasPoint = true
            } else {
                digits.append(byte)
                if !hasPoint { point += 1 }
            }
        }
        if parts.count == 2 { point += Int(parts[1]) ?? 0 }
        let zeros = digits.prefix { $0 == UInt8(ascii: "0") }.count
        digits.removeFirst(zeros)
        point -= zeros
        while digits.last == UInt8(ascii: "0") { digits.removeLast() }
        return digits.isEmpty ? ([UInt8(ascii: "0")], 1) : (digits, point)
    }

    private static func shortest(_ value: Double, _ verb: Character) -> String {
        let (digits, point) = Self.digits(of: value)
        let sign = value.sign == .minus ? "-" : ""
        let exponent = point - 1
        let isScientific =
            verb == "e" || verb == "E" || (verb != "f" && verb != "F" && (exponent < -4 || exponent >= 6))
        func text(_ bytes: some Sequence<UInt8>) -> String { String(decoding: Array(bytes), as: UTF8.self) }
        if isScientific {
            var out = sign + text(digits.prefix(1))
            if digits.count > 1 { out += "." + text(digits.dropFirst()) }
            let size = String(abs(exponent))
            return out + (verb == "E" || verb == "G" ? "E" : "e") + (exponent < 0 ? "-" : "+")
                + (size.count < 2 ? "0" : "")
                + size
        }
        if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + text(digits) }
        if digits.count <= point { return sign + text(digits) + String(repeating: "0", count: point - digits.count) }
        return sign + text(digits.prefix(point)) + "." + text(digits.dropFirst(point))
    }
}
