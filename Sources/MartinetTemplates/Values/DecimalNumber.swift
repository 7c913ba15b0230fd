/// A decimal number for `addf` and its like, where 0.1 and 0.2 are 0.3. Nil results tell that there are too many digits.
struct DecimalNumber {
    private var coefficient: Int128
    /// The value is `coefficient` times ten to this.
    private var exponent: Int

    /// Of the shortest text that stands for `number`.
    init?(_ number: Double) {
        guard number.isFinite else { return nil }
        let text = GoNumbers.text(number, verb: "e")
        let parts = text.split(separator: "e")
        guard parts.count == 2, let power = Int(parts[1]) else { return nil }
        let fraction = parts[0].split(separator: ".").dropFirst().first?.count ?? 0
        guard let digits = Int128(parts[0].filter { $0 != "." }) else { return nil }
        coefficient = digits
        exponent = power - fraction
    }

    private init(_ coefficient: Int128, _ exponent: Int) {
        self.coefficient = coefficient
        self.exponent = exponent
    }

    var double: Double { Double("\(coefficient)e\(exponent)") ?? 0 }
    var isZero: Bool { coefficient == 0 }

    func adding(_ other: DecimalNumber) -> DecimalNumber? {
        let low = min(exponent, other.exponent)
        guard let a = Self.shifted(coefficient, exponent - low),
            let b = Self.shifted(other.coefficient, other.exponent - low)
        else { return nil }
        let (sum, overflow) = a.addingReportingOverflow(b)
        return overflow ? nil : DecimalNumber(sum, low)
    }

    func subtracting(_ other: DecimalNumber) -> DecimalNumber? {
        adding(DecimalNumber(0 - other.coefficient, other.exponent))
    }

    func multiplied(by other: DecimalNumber) -> DecimalNumber? {
        let (product, overflow) = coefficient.multipliedReportingOverflow(by: other.coefficient)
        return overflow ? nil : DecimalNumber(product, exponent + other.exponent)
    }

    /// To sixteen places, rounded half away from zero. `other` is not zero.
    func divided(by other: DecimalNumber) -> DecimalNumber? {
        guard !other.isZero else { return nil }
        let shift = 16 + exponent - other.exponent
        guard let dividend = Self.shifted(coefficient, max(0, shift)),
            let divisor = Self.shifted(other.coefficient, max(0, -shift))
        else { return nil }
        let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
        let isHalf = remainder.magnitude >= divisor.magnitude - remainder.magnitude
        let isNegative = (dividend < 0) != (divisor < 0)
        return DecimalNumber(isHalf ? quotient + (isNegative ? -1 : 1) : quotient, -16)
    }

    private static func shifted(_ number: Int128, _ places: Int) -> Int128? {
        if number == 0 { return 0 }
        guard places <= 38 else { return nil }
        var result = number
        for _ in 0..<max(0, places) {
            let (product, overflow) = result.multipliedReportingOverflow(by: 10)
            if overflow { return nil }
            result = product
        }
        return result
    }
}
