/// sprig's functions on times and durations.
enum DateFunctions {
    static let table: [String: TemplateFunction] = [
        "now": TemplateFunction { call throws(Failure) in .time(now(call)) },
        "date": TemplateFunction(.string, .any) { call throws(Failure) in
            try shown(call.text(0), call[1], zone: "Local", call)
        },
        "htmlDate": TemplateFunction(.any) { call throws(Failure) in
            try shown("2006-01-02", call[0], zone: "Local", call)
        },
        "htmlDateInZone": TemplateFunction(.any, .string) { call throws(Failure) in
            try shown("2006-01-02", call[0], zone: call.text(1), call)
        },
        "dateInZone": dateInZone, "date_in_zone": dateInZone,
        "dateModify": dateModify, "date_modify": dateModify,
        "mustDateModify": mustDateModify, "must_date_modify": mustDateModify,
        "toDate": TemplateFunction(.string, .string) { call throws(Failure) in
            .time(GoLayout.parse(call.text(1), call.text(0), in: .local) ?? .zero)
        },
        "mustToDate": TemplateFunction(.string, .string) { call throws(Failure) in
            guard let time = GoLayout.parse(call.text(1), call.text(0), in: .local) else {
                let (text, layout) = (GoQuoting.quoted(call.bytes(1)), GoQuoting.quoted(call.bytes(0)))
                throw Failure(
                    "parsing time \(text) as \(layout): cannot parse",
                    remedy: "the layout is an example, the second of January 2006, 15:04:05")
            }
            return .time(time)
        },
        "unixEpoch": TemplateFunction(.time) { call throws(Failure) in .text(String(call.time(0).seconds)) },
        "ago": TemplateFunction(.any) { call throws(Failure) in
            let time = Self.time(call[0], call)
            let ago = now(call).since(time)
            // To whole seconds, halves away from zero.
            let (half, overflow) = ago.addingReportingOverflow(ago < 0 ? -500_000_000 : 500_000_000)
            let rounded = overflow ? ago : half
            return .text(GoDuration.text(rounded - rounded % GoDuration.second))
        },
        "duration": TemplateFunction(.any) { call throws(Failure) in
            let seconds: Int64 =
                switch call[0] {
                case .string(let bytes): Int64(String(decoding: bytes, as: UTF8.self)) ?? 0
                case .integer(let number, .int64): number
                default: 0
                }
            return .text(GoDuration.text(seconds &* GoDuration.second))
        },
        "durationRound": TemplateFunction(.any) { call throws(Failure) in
            let duration: Int64 =
                switch call[0] {
                case .string(let bytes): GoDuration.parse(String(decoding: bytes, as: UTF8.self)) ?? 0
                case .integer(let number, .int64): number
                case .time(let time): now(call).since(time)
                default: 0
                }
            return .text(rounded(duration))
        },
    ]

    private static let dateInZone = TemplateFunction(.string, .any, .string) { call throws(Failure) in
        try shown(call.text(0), call[1], zone: call.text(2), call)
    }

    private static let dateModify = TemplateFunction(.string, .time) { call throws(Failure) in
        .time(GoDuration.parse(call.text(0)).map { call.time(1).adding($0) } ?? call.time(1))
    }

    private static let mustDateModify = TemplateFunction(.string, .time) { call throws(Failure) in
        guard let duration = GoDuration.parse(call.text(0)) else {
            throw Failure(
                "time: invalid duration \(GoQuoting.quoted(call.bytes(0)))", remedy: "durations are like -1h30m")
        }
        return .time(call.time(1).adding(duration))
    }

    private static func now(_ call: Call) -> TimeValue {
        let (seconds, nanoseconds) = call.surroundings.now()
        return TimeValue(seconds: seconds, nanoseconds: nanoseconds, zone: .local)
    }

    /// A time, or seconds since 1970; the present for anything else.
    private static func time(_ value: Value, _ call: Call) -> TimeValue {
        switch value {
        case .time(let time): return time
        case .integer(let seconds, .int), .integer(let seconds, .int64), .integer(let seconds, .int32):
            return TimeValue(seconds: seconds, nanoseconds: 0, zone: .local)
        default: return now(call)
        }
    }

    /// A zone that is not known is UTC.
    private static func shown(_ layout: String, _ value: Value, zone: String, _ call: Call) throws(Failure) -> Value {
        let time = Self.time(value, call).shown(in: TimeZoneName(zone) ?? .utc)
        return try call.budget.text(time.format(layout))
    }

    /// In the largest unit it is longer than.
    private static func rounded(_ duration: Int64) -> String {
        let second = UInt64(GoDuration.second)
        let units: [(UInt64, String)] = [
            (365 * 86_400, "y"), (30 * 86_400, "mo"), (86_400, "d"), (3600, "h"), (60, "m"), (1, "s"),
        ]
        for (seconds, name) in units where duration.magnitude > seconds * second {
            return "\(duration.magnitude / (seconds * second))\(name)"
        }
        return "0s"
    }
}
