/// Go's `time.Duration`, in nanoseconds.
enum GoDuration {
    static let second: Int64 = 1_000_000_000

    /// `1h2m3.5s`, `1.5ms`, `0s`.
    static func text(_ duration: Int64) -> String {
        if duration == 0 { return "0s" }
        let size = duration.magnitude
        let sign = duration < 0 ? "-" : ""
        if size < UInt64(second) {
            if size < 1000 { return sign + "\(size)ns" }
            if size < 1_000_000 { return sign + fraction(size, 1000) + "µs" }
            return sign + fraction(size, 1_000_000) + "ms"
        }
        let seconds = fraction(size % (60 * UInt64(second)), UInt64(second)) + "s"
        let minutes = size / UInt64(second) / 60
        if minutes == 0 { return sign + seconds }
        return sign + (minutes >= 60 ? "\(minutes / 60)h" : "") + "\(minutes % 60)m" + seconds
    }

    private static func fraction(_ size: UInt64, _ unit: UInt64) -> String {
        let rest = size % unit
        guard rest > 0 else { return String(size / unit) }
        let places = String(unit).count - 1
        var digits = String(rest)
        digits = String(repeating: "0", count: places - digits.count) + digits
        while digits.hasSuffix("0") { digits.removeLast() }
        return "\(size / unit).\(digits)"
    }

    /// Without what is beyond a multiple of `unit`, towards zero; a unit of zero or less changes nothing.
    static func truncated(_ duration: Int64, to unit: Int64) -> Int64 {
        unit > 0 ? duration - duration % unit : duration
    }

    /// The nearest multiple of `unit`, halves away from zero; what is too long becomes the longest duration.
    static func rounded(_ duration: Int64, to unit: Int64) -> Int64 {
        guard unit > 0 else { return duration }
        let rest = (duration % unit).magnitude
        let low = truncated(duration, to: unit)
        if 2 * rest < unit.magnitude { return low }
        let (high, overflow) = duration < 0 ? low.subtractingReportingOverflow(unit) : low.addingReportingOverflow(unit)
        return overflow ? (duration < 0 ? Int64.min : Int64.max) : high
    }

    /// `1h30m`, `-1.5s`; nil if it is none.
    static func parse(_ text: String) -> Int64? {
        var rest = text[...]
        let isNegative = rest.hasPrefix("-")
        if rest.hasPrefix("-") || rest.hasPrefix("+") { rest = rest.dropFirst() }
        if rest == "0" { return 0 }
        guard !rest.isEmpty else { return nil }
        var total: Int64 = 0
        while !rest.isEmpty {
            let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(number.count)
            let unit = rest.prefix { !($0.isASCII && ($0.isNumber || $0 == ".")) }
            rest = rest.dropFirst(unit.count)
            guard let size = units[String(unit)], let value = nanoseconds(number, size) else { return nil }
            let (sum, overflow) = total.addingReportingOverflow(value)
            if overflow { return nil }
            total = sum
        }
        return isNegative ? -total : total
    }

    private static let units: [String: Int64] = [
        "ns": 1, "us": 1000, "µs": 1000, "μs": 1000, "ms": 1_000_000, "s": second, "m": 60 * second, "h": 3600 * second,
    ]

    private static func nanoseconds(_ number: Substring, _ unit: Int64) -> Int64? {
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, number != ".", !number.isEmpty else { return nil }
        var value: Int64 = 0
        if let whole = parts.first, !whole.isEmpty {
            guard let count = Int64(whole) else { return nil }
            let (product, overflow) = count.multipliedReportingOverflow(by: unit)
            if overflow { return nil }
            value = product
        }
        if parts.count == 2 {
            var size = Double(unit)
            for digit in parts[1].utf8 {
                size /= 10
                value &+= Int64(size * Double(digit &- 0x30))
            }
        }
        return value < 0 ? nil : value
    }
}
