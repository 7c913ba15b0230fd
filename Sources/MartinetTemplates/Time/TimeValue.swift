/// Go's `time.Time`: a moment, and where it is shown.
struct TimeValue: Equatable {
    /// Since 1970, UTC.
    var seconds: Int64
    /// 0 to 999,999,999.
    var nanoseconds: Int32
    var zone: TimeZoneName

    /// Years that can be written; Go's own reach much further.
    static let bounds: ClosedRange<Int64> = -377_705_116_800...253_402_300_799

    /// A moment beyond the bounds is moved to them.
    init(seconds: Int64, nanoseconds: Int32, zone: TimeZoneName) {
        self.seconds = min(max(seconds, Self.bounds.lowerBound), Self.bounds.upperBound)
        self.nanoseconds = nanoseconds
        self.zone = zone
    }

    /// Go's zero time, 1 January of the year 1.
    static let zero = TimeValue(seconds: -62_135_596_800, nanoseconds: 0, zone: .utc)

    /// What stands on the clock and in the calendar.
    struct Parts {
        var year: Int64
        var month: Int
        var day: Int
        var hour: Int
        var minute: Int
        var second: Int
        var weekday: Int
        var yearDay: Int
        var offset: Int
        var abbreviation: String
    }

    var parts: Parts {
        let (offset, abbreviation) = zone.offset(at: seconds)
        let local = seconds + Int64(offset)
        let days = local.floorDivided(by: 86_400)
        let rest = Int(local - days * 86_400)
        let (year, month, day) = GoCalendar.date(ofDays: days)
        return Parts(
            year: year, month: month, day: day, hour: rest / 3600, minute: rest / 60 % 60, second: rest % 60,
            weekday: Int(((days + 4) % 7 + 7) % 7),
            yearDay: Int(days - GoCalendar.days(year: year, month: 1, day: 1)) + 1, offset: offset,
            abbreviation: abbreviation)
    }

    /// From what stands on the clock in `zone`. Parts may be out of their ranges.
    init(
        year: Int64, month: Int64, day: Int64, hour: Int, minute: Int, second: Int, nanoseconds: Int32,
        zone: TimeZoneName
    ) {
        let local =
            GoCalendar.days(year: year, month: month, day: day) * 86_400 + Int64(hour) * 3600 + Int64(minute) * 60
            + Int64(second)
        // The offset depends on the moment: the first guess is off by at most the change of offset near it.
        let guess = local - Int64(zone.offset(at: local).seconds)
        self.init(
            seconds: local - Int64(zone.offset(at: guess).seconds), nanoseconds: nanoseconds, zone: zone)
    }

    func adding(_ duration: Int64) -> TimeValue {
        let total = Int64(nanoseconds) + duration % GoDuration.second
        let carry = total.floorDivided(by: GoDuration.second)
        return TimeValue(
            seconds: seconds + duration / GoDuration.second + carry,
            nanoseconds: Int32(total - carry * GoDuration.second), zone: zone)
    }

    /// Nanoseconds since `other`; what is too long becomes the longest duration.
    func since(_ other: TimeValue) -> Int64 {
        let seconds = self.seconds - other.seconds
        let (product, overflow) = seconds.multipliedReportingOverflow(by: GoDuration.second)
        if overflow { return seconds < 0 ? Int64.min : Int64.max }
        let (sum, tooLong) = product.addingReportingOverflow(Int64(nanoseconds) - Int64(other.nanoseconds))
        return tooLong ? (seconds < 0 ? Int64.min : Int64.max) : sum
    }

    /// Nanoseconds since the last multiple of `unit`, counted from the zero time.
    private func rest(of unit: Int64) -> Int64 {
        let total = Int128(seconds - Self.zero.seconds) * Int128(GoDuration.second) + Int128(nanoseconds)
        let rest = Int64(total % Int128(unit))
        return rest < 0 ? rest + unit : rest
    }

    /// The last multiple of `unit`; one of zero or less changes nothing.
    func truncated(to unit: Int64) -> TimeValue { unit > 0 ? adding(-rest(of: unit)) : self }

    /// The nearest multiple of `unit`, halves upwards.
    func rounded(to unit: Int64) -> TimeValue {
        guard unit > 0 else { return self }
        let rest = rest(of: unit)
        return adding(rest.magnitude * 2 < unit.magnitude ? -rest : unit - rest)
    }

    /// As in the source of a Go program.
    var source: String {
        let parts = self.parts
        let place =
            switch zone {
            case .utc: "UTC"
            case .local: "Local"
            case .named, .fixed: "Location(\"\(zone.name)\")"
            }
        return "time.Date(\(parts.year), time.\(GoCalendar.monthName(parts.month)), \(parts.day), \(parts.hour), "
            + "\(parts.minute), \(parts.second), \(nanoseconds), time.\(place))"
    }

    func shown(in zone: TimeZoneName) -> TimeValue { TimeValue(seconds: seconds, nanoseconds: nanoseconds, zone: zone) }

    var description: String { format("2006-01-02 15:04:05.999999999 -0700 MST") }

    func format(_ layout: String) -> String { GoLayout.format(self, layout) }

    static func == (a: TimeValue, b: TimeValue) -> Bool { a.seconds == b.seconds && a.nanoseconds == b.nanoseconds }
}
