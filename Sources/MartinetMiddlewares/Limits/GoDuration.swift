/// Durations as Go writes them: `1.5s`, `250ms`, `2m0.1s`.
enum GoDuration {
    static func text(_ nanoseconds: Int64) -> String {
        if nanoseconds < 0 { return "-" + text(magnitude: nanoseconds.magnitude) }
        return text(magnitude: nanoseconds.magnitude)
    }

    private static func text(magnitude: UInt64) -> String {
        if magnitude == 0 { return "0s" }
        if magnitude < 1_000 { return "\(magnitude)ns" }
        if magnitude < 1_000_000 { return decimal(magnitude, digits: 3) + "µs" }
        if magnitude < 1_000_000_000 { return decimal(magnitude, digits: 6) + "ms" }
        let minutes = magnitude / 60_000_000_000
        let seconds = decimal(magnitude % 60_000_000_000, digits: 9) + "s"
        if minutes == 0 { return seconds }
        return minutes < 60 ? "\(minutes)m\(seconds)" : "\(minutes / 60)h\(minutes % 60)m\(seconds)"
    }

    /// `value` with its last digits behind a point, final zeros left out.
    private static func decimal(_ value: UInt64, digits: Int) -> String {
        let scale = (0..<digits).reduce(UInt64(1)) { power, _ in power * 10 }
        var fraction = String(value % scale)
        fraction = String(repeating: "0", count: digits - fraction.count) + fraction
        while fraction.hasSuffix("0") { fraction.removeLast() }
        return fraction.isEmpty ? "\(value / scale)" : "\(value / scale).\(fraction)"
    }
}
