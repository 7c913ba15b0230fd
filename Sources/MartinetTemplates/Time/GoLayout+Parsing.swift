extension GoLayout {
    /// What has been read so far.
    private struct Reading {
        var year: Int64 = 0
        var month = 1
        var day = 1
        var yearDay: Int?
        var hour = 0
        var minute = 0
        var second = 0
        var nanoseconds: Int32 = 0
        var isAfternoon: Bool?
        var zone: TimeZoneName?
    }

    /// Go's `time.ParseInLocation`; nil if `text` is not like `layout`.
    static func parse(_ text: String, _ layout: String, in zone: TimeZoneName) -> TimeValue? {
        var reading = Reading()
        var rest = text[...]
        let pieces = Self.pieces(layout)
        for (index, piece) in pieces.enumerated() {
            guard read(piece, &rest, &reading) else { return nil }
            // A fraction may follow seconds, even where the layout has none.
            if piece == .second || piece == .secondTwo, rest.first == "." || rest.first == "," {
                if case .fraction = pieces[safe: index + 1] { continue }
                guard let digit = rest.dropFirst().first, digit.isASCII, digit.isNumber else { continue }
                guard readFraction(&rest, &reading) else { return nil }
            }
        }
        guard rest.isEmpty else { return nil }
        if let isAfternoon = reading.isAfternoon {
            if isAfternoon, reading.hour < 12 {
                reading.hour += 12
            } else if !isAfternoon, reading.hour == 12 {
                reading.hour = 0
            }
        }
        if let yearDay = reading.yearDay {
            let days = GoCalendar.days(year: reading.year, month: 1, day: Int64(yearDay))
            let date = GoCalendar.date(ofDays: days)
            guard date.year == reading.year else { return nil }
            (reading.month, reading.day) = (date.month, date.day)
        }
        guard reading.day <= GoCalendar.daysIn(month: reading.month, year: reading.year) else { return nil }
        return TimeValue(
            year: reading.year, month: Int64(reading.month), day: Int64(reading.day), hour: reading.hour,
            minute: reading.minute, second: reading.second, nanoseconds: reading.nanoseconds, zone: reading.zone ?? zone
        )
    }

    private static func read(_ piece: Piece, _ rest: inout Substring, _ reading: inout Reading) -> Bool {
        switch piece {
        case .text(let text):
            guard rest.hasPrefix(text) else { return false }
            rest = rest.dropFirst(text.count)
            return true
        case .longMonth: return name(GoCalendar.months, &rest) { reading.month = $0 + 1 }
        case .month: return name(GoCalendar.months.map { String($0.prefix(3)) }, &rest) { reading.month = $0 + 1 }
        case .longWeekday: return name(GoCalendar.weekdays, &rest) { _ in }
        case .weekday: return name(GoCalendar.weekdays.map { String($0.prefix(3)) }, &rest) { _ in }
        case .monthNumber: return number(1...2, 1...12, &rest) { reading.month = $0 }
        case .monthTwo: return number(2...2, 1...12, &rest) { reading.month = $0 }
        case .day: return number(1...2, 1...31, &rest) { reading.day = $0 }
        case .dayBlank:
            if rest.first == " " { rest = rest.dropFirst() }
            return number(1...2, 1...31, &rest) { reading.day = $0 }
        case .dayTwo: return number(2...2, 1...31, &rest) { reading.day = $0 }
        case .yearDay: return number(3...3, 1...366, &rest) { reading.yearDay = $0 }
        case .yearDayBlank:
            rest = rest.drop { $0 == " " }
            return number(1...3, 1...366, &rest) { reading.yearDay = $0 }
        case .hour24: return number(1...2, 0...23, &rest) { reading.hour = $0 }
        case .hour12: return number(1...2, 0...12, &rest) { reading.hour = $0 }
        case .hour12Two: return number(2...2, 0...12, &rest) { reading.hour = $0 }
        case .minute: return number(1...2, 0...59, &rest) { reading.minute = $0 }
        case .minuteTwo: return number(2...2, 0...59, &rest) { reading.minute = $0 }
        case .second: return number(1...2, 0...59, &rest) { reading.second = $0 }
        case .secondTwo: return number(2...2, 0...59, &rest) { reading.second = $0 }
        case .year: return number(4...4, 0...9999, &rest) { reading.year = Int64($0) }
        case .yearTwo: return number(2...2, 0...99, &rest) { reading.year = Int64($0 < 69 ? 2000 + $0 : 1900 + $0) }
        case .upperHalf: return name(["AM", "PM"], &rest) { reading.isAfternoon = $0 == 1 }
        case .lowerHalf: return name(["am", "pm"], &rest) { reading.isAfternoon = $0 == 1 }
        case .zone:
            let name = rest.prefix { $0.isASCII && $0.isUppercase }
            guard (3...5).contains(name.count) else { return false }
            rest = rest.dropFirst(name.count)
            // As in Go a name that is not known here has no offset.
            reading.zone = name == "UTC" ? .utc : .fixed(0, name: String(name))
            return true
        case .offset(let usesZ, let hasColons, let count):
            return offset(&rest, &reading, usesZ: usesZ, hasColons: hasColons, count: count)
        case .fraction(_, let digits, let keepsZeros):
            guard rest.first == "." || rest.first == "," else { return !keepsZeros }
            let present = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }.count
            guard keepsZeros ? present == digits : present > 0 else { return false }
            return readFraction(&rest, &reading)
        }
    }

    private static func name(_ names: [String], _ rest: inout Substring, _ found: (Int) -> Void) -> Bool {
        for (index, name) in names.enumerated() where rest.prefix(name.count).lowercased() == name.lowercased() {
            rest = rest.dropFirst(name.count)
            found(index)
            return true
        }
        return false
    }

    private static func number(
        _ digits: ClosedRange<Int>, _ range: ClosedRange<Int>, _ rest: inout Substring, _ found: (Int) -> Void
    ) -> Bool {
        let text = rest.prefix(digits.upperBound).prefix { $0.isASCII && $0.isNumber }
        guard text.count >= digits.lowerBound, let value = Int(text), range.contains(value) else { return false }
        rest = rest.dropFirst(text.count)
        found(value)
        return true
    }

    private static func readFraction(_ rest: inout Substring, _ reading: inout Reading) -> Bool {
        let digits = rest.dropFirst().prefix { $0.isASCII && $0.isNumber }
        rest = rest.dropFirst(digits.count + 1)
        let nine = digits.prefix(9)
        guard let value = Int32(nine + String(repeating: "0", count: 9 - nine.count)) else { return false }
        reading.nanoseconds = value
        return true
    }

    private static func offset(
        _ rest: inout Substring, _ reading: inout Reading, usesZ: Bool, hasColons: Bool, count: Int
    ) -> Bool {
        if usesZ, rest.first == "Z" {
            rest = rest.dropFirst()
            reading.zone = .utc
            return true
        }
        guard let sign = rest.first, sign == "+" || sign == "-" else { return false }
        rest = rest.dropFirst()
        var seconds = 0
        for part in 0..<count {
            if part > 0, hasColons {
                guard rest.first == ":" else { return false }
                rest = rest.dropFirst()
            }
            let unit = [3600, 60, 1][part]
            guard number(2...2, 0...(part == 0 ? 24 : 59), &rest, { seconds += $0 * unit }) else { return false }
        }
        reading.zone = seconds == 0 ? .utc : .fixed(sign == "-" ? -seconds : seconds, name: "")
        return true
    }
}
