/// A moment in UTC, by the calendar (Hinnant's days-from-civil turned round; proleptic Gregorian).
struct CalendarDate: Equatable, CustomStringConvertible, Sendable {
    var year, month, day, hour, minute, second: Int

    /// - Parameter seconds: since 1970, without leap seconds.
    init(_ seconds: Int64) {
        let days = Int(seconds.flooredDivision(86_400))
        let rest = Int(seconds - Int64(days) * 86_400)
        (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60)
        // Years begin in March here, so that the leap day is the last one; eras have 400 years.
        let shifted = days + 719_468
        let era = Int(Int64(shifted).flooredDivision(146_097))
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// `2031-05-09`.
    var description: String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(year)-\(two(month))-\(two(day))"
    }
}

extension Int64 {
    fileprivate func flooredDivision(_ divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
