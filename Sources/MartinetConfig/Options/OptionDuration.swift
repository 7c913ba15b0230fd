/// A span of time as Traefik writes it: Go's `1m30s`, or a bare number of seconds.
package struct OptionDuration: OptionValue, Comparable, CustomStringConvertible {
    package var nanoseconds: Int64

    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    package static let zero = OptionDuration(nanoseconds: 0)
    package static func milliseconds(_ count: Int64) -> OptionDuration { .init(nanoseconds: count &* 1_000_000) }
    package static func seconds(_ count: Int64) -> OptionDuration { .init(nanoseconds: count &* 1_000_000_000) }

    package static var typeName: String { "a duration such as 500ms, 30s or 1m30s" }

    package static func < (a: OptionDuration, b: OptionDuration) -> Bool { a.nanoseconds < b.nanoseconds }

    package static func decode(_ node: ConfigNode, at path: String, _ context: inout DecodingContext) -> OptionDuration?
    {
        guard let text = node.scalarText, let value = OptionDuration(text) else {
            return mismatch(node, at: path, &context)
        }
        return value
    }

    package func encode() -> JSONValue? { .string(description) }

    /// Nil when the text is no duration or longer than 292 years.
    package init?(_ text: String) {
        if let seconds = Int64(text) {
            let (value, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
            guard !overflow else { return nil }
            nanoseconds = value
            return
        }
        var rest = Substring(text)
        var negative = false
        if let sign = rest.first, sign == "-" || sign == "+" {
            negative = sign == "-"
            rest.removeFirst()
        }
        var total = 0.0
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let number = rest.prefix { ("0"..."9").contains($0) || $0 == "." }
            guard let value = Double(number) else { return nil }
            rest = rest.dropFirst(number.count)
            let unit = rest.prefix { !("0"..."9").contains($0) && $0 != "." }
            rest = rest.dropFirst(unit.count)
            guard let scale = Self.units[String(unit)] else { return nil }
            total += value * scale
        }
        guard let whole = Int64(exactly: total.rounded()) else { return nil }
        nanoseconds = negative ? -whole : whole
    }

    private static let units: [String: Double] = [
        "ns": 1, "us": 1e3, "µs": 1e3, "μs": 1e3, "ms": 1e6, "s": 1e9, "m": 60e9, "h": 3600e9,
    ]

    /// As Go prints it: `1m30s`, `100ms`, `0s`.
    package var description: String {
        guard nanoseconds != 0 else { return "0s" }
        let sign = nanoseconds < 0 ? "-" : ""
        let value = nanoseconds.magnitude
        if value < 1000 { return "\(sign)\(value)ns" }
        if value < 1_000_000 { return sign + Self.decimal(value, per: 1000) + "µs" }
        if value < 1_000_000_000 { return sign + Self.decimal(value, per: 1_000_000) + "ms" }
        let hours = value / 3_600_000_000_000
        let minutes = value / 60_000_000_000 % 60
        let seconds = Self.decimal(value % 60_000_000_000, per: 1_000_000_000) + "s"
        if hours > 0 { return "\(sign)\(hours)h\(minutes)m\(seconds)" }
        return minutes > 0 ? "\(sign)\(minutes)m\(seconds)" : sign + seconds
    }

    private static func decimal(_ value: UInt64, per unit: UInt64) -> String {
        var text = String(value / unit)
        let rest = value % unit
        if rest > 0 {
            var digits = String(rest)
            digits = String(repeating: "0", count: String(unit).count - 1 - digits.count) + digits
            while digits.last == "0" { digits.removeLast() }
            text += "." + digits
        }
        return text
    }
}
