/// The methods of Go's `time.Time` and `time.Duration` that templates can use. The receiver is the first argument.
enum TimeMethods {
    static let table: [String: TemplateFunction] = [
        "Format": TemplateFunction(.time, .string) { call throws(Failure) in .text(call.time(0).format(call.text(1))) },
        "String": part { .text($0.description) },
        "Unix": part { .integer($0.seconds, .int64) },
        "UnixMilli": part { .integer($0.seconds * 1000 + Int64($0.nanoseconds) / 1_000_000, .int64) },
        "UnixMicro": part { .integer($0.seconds * 1_000_000 + Int64($0.nanoseconds) / 1000, .int64) },
        "UnixNano": part { .integer($0.seconds &* 1_000_000_000 &+ Int64($0.nanoseconds), .int64) },
        "Year": part { .int(Int($0.parts.year)) },
        "Month": part { .integer(Int64($0.parts.month), .month) },
        "Day": part { .int($0.parts.day) },
        "Hour": part { .int($0.parts.hour) },
        "Minute": part { .int($0.parts.minute) },
        "Second": part { .int($0.parts.second) },
        "Nanosecond": part { .int(Int($0.nanoseconds)) },
        "Weekday": part { .integer(Int64($0.parts.weekday), .weekday) },
        "YearDay": part { .int($0.parts.yearDay) },
        "UTC": part { .time($0.shown(in: .utc)) },
        "Local": part { .time($0.shown(in: .local)) },
        "Location": part { .text($0.zone.name) },
        "IsDST": part { .bool($0.zone.isDaylightSaving(at: $0.seconds)) },
        "GoString": part { .text($0.source) },
        "IsZero": part { .bool($0 == TimeValue.zero) },
        "Before": TemplateFunction(.time, .time) { call throws(Failure) in .bool(call.time(0).since(call.time(1)) < 0)
        },
        "After": TemplateFunction(.time, .time) { call throws(Failure) in .bool(call.time(0).since(call.time(1)) > 0) },
        "Equal": TemplateFunction(.time, .time) { call throws(Failure) in .bool(call.time(0) == call.time(1)) },
        "Sub": TemplateFunction(.time, .time) { call throws(Failure) in
            .integer(call.time(0).since(call.time(1)), .duration)
        },
        "Compare": TemplateFunction(.time, .time) { call throws(Failure) in
            .int(Int(call.time(0).since(call.time(1)).signum()))
        },
        "Add": TemplateFunction(.time, .any) { call throws(Failure) in
            .time(call.time(0).adding(try duration(call[1])))
        },
        "Truncate": TemplateFunction(.time, .any) { call throws(Failure) in
            .time(call.time(0).truncated(to: try duration(call[1])))
        },
        "Round": TemplateFunction(.time, .any) { call throws(Failure) in
            .time(call.time(0).rounded(to: try duration(call[1])))
        },
        "AddDate": TemplateFunction(.time, .int, .int, .int) { call throws(Failure) in
            let (time, limit) = (call.time(0), 1...3)
            guard limit.allSatisfy({ call.int($0).magnitude < 1_000_000 }) else {
                throw Failure("the date is out of range")
            }
            let parts = time.parts
            return .time(
                TimeValue(
                    year: parts.year + Int64(call.int(1)), month: Int64(parts.month) + Int64(call.int(2)),
                    day: Int64(parts.day) + Int64(call.int(3)), hour: parts.hour, minute: parts.minute,
                    second: parts.second, nanoseconds: time.nanoseconds, zone: time.zone))
        },
    ]

    static let durations: [String: TemplateFunction] = [
        "Hours": duration { .double(Double($0) / 3.6e12) },
        "Minutes": duration { .double(Double($0) / 6e10) },
        "Seconds": duration { .double(Double($0) / 1e9) },
        "Milliseconds": duration { .integer($0 / 1_000_000, .int64) },
        "Microseconds": duration { .integer($0 / 1000, .int64) },
        "Nanoseconds": duration { .integer($0, .int64) },
        "Abs": duration { .integer(Int64(clamping: $0.magnitude), .duration) },
        "Truncate": TemplateFunction(.any, .any) { call throws(Failure) in
            .integer(GoDuration.truncated(try duration(call[0]), to: try duration(call[1])), .duration)
        },
        "Round": TemplateFunction(.any, .any) { call throws(Failure) in
            .integer(GoDuration.rounded(try duration(call[0]), to: try duration(call[1])), .duration)
        },
    ]

    /// A constant number is a duration in nanoseconds, as in Go.
    private static func duration(_ value: Value) throws(Failure) -> Int64 {
        guard case .integer(let duration, let kind) = value, kind == .duration || kind == .int else {
            throw Failure("wrong type for value; expected time.Duration; got \(value.typeName)")
        }
        return duration
    }

    private static func part(_ read: @escaping @Sendable (TimeValue) -> Value) -> TemplateFunction {
        TemplateFunction(.time) { call throws(Failure) in read(call.time(0)) }
    }

    private static func duration(_ read: @escaping @Sendable (Int64) -> Value) -> TemplateFunction {
        TemplateFunction(.any) { call throws(Failure) in
            if case .integer(let duration, _) = call[0] { return read(duration) }
            return .none
        }
    }
}
