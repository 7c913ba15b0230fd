/// Go's layouts of times: an example, the second of January 2006, stands for what to write.
enum GoLayout {
    /// What a piece of a layout stands for.
    enum Piece: Equatable {
        case text(String)
        case longMonth, month, monthNumber, monthTwo
        case longWeekday, weekday
        case day, dayBlank, dayTwo, yearDay, yearDayBlank
        case hour24, hour12, hour12Two, minute, minuteTwo, second, secondTwo
        case year, yearTwo
        case upperHalf, lowerHalf
        case zone
        /// `Z0700`: Z for UTC. Colons and seconds as in the example.
        case offset(usesZ: Bool, hasColons: Bool, parts: Int)
        /// `.000` keeps zeros, `.999` does not.
        case fraction(separator: Character, digits: Int, keepsZeros: Bool)
    }

    private static let table: [(String, Piece)] = [
        ("January", .longMonth), ("Jan", .month), ("Monday", .longWeekday), ("Mon", .weekday), ("MST", .zone),
        ("2006", .year), ("_2006", .text("_")), ("_2", .dayBlank), ("__2", .yearDayBlank), ("002", .yearDay),
        ("01", .monthTwo), ("02", .dayTwo), ("03", .hour12Two), ("04", .minuteTwo), ("05", .secondTwo),
        ("06", .yearTwo), ("15", .hour24), ("PM", .upperHalf), ("pm", .lowerHalf),
        ("-07:00:00", .offset(usesZ: false, hasColons: true, parts: 3)),
        ("-070000", .offset(usesZ: false, hasColons: false, parts: 3)),
        ("-07:00", .offset(usesZ: false, hasColons: true, parts: 2)),
        ("-0700", .offset(usesZ: false, hasColons: false, parts: 2)),
        ("-07", .offset(usesZ: false, hasColons: false, parts: 1)),
        ("Z07:00:00", .offset(usesZ: true, hasColons: true, parts: 3)),
        ("Z070000", .offset(usesZ: true, hasColons: false, parts: 3)),
        ("Z07:00", .offset(usesZ: true, hasColons: true, parts: 2)),
        ("Z0700", .offset(usesZ: true, hasColons: false, parts: 2)),
        ("Z07", .offset(usesZ: true, hasColons: false, parts: 1)),
        ("1", .monthNumber), ("2", .day), ("3", .hour12), ("4", .minute), ("5", .second),
    ].sorted { $0.0.utf8.count > $1.0.utf8.count }

    static func pieces(_ layout: String) -> [Piece] {
        var pieces: [Piece] = []
        var text = ""
        var rest = layout[...]
        func flush() {
            if !text.isEmpty { pieces.append(.text(text)) }
            text = ""
        }
        while let first = rest.first {
            if let (piece, length) = special(rest, first) {
                flush()
                if piece == .text("_") {
                    pieces += [.text("_"), .year]
                } else {
                    pieces.append(piece)
                }
                rest = rest.dropFirst(length)
            } else {
                text.append(first)
                rest = rest.dropFirst()
            }
        }
        flush()
        return pieces
    }

    private static func special(_ rest: Substring, _ first: Character) -> (Piece, Int)? {
        if first == "." || first == "," {
            let behind = rest.dropFirst()
            for digit in ["0", "9"] as [Character] {
                let count = behind.prefix { $0 == digit }.count
                let next = behind.dropFirst(count).first
                if count > 0, !(next?.isASCII == true && next?.isNumber == true) {
                    return (.fraction(separator: first, digits: min(count, 9), keepsZeros: digit == "0"), count + 1)
                }
            }
            return nil
        }
        for (name, piece) in table where rest.hasPrefix(name) {
            // `Jane` is no month.
            if name == "Jan" || name == "Mon", rest.dropFirst(3).first?.isLowercase == true { continue }
            return (piece, name.count)
        }
        return nil
    }

    static func format(_ time: TimeValue, _ layout: String) -> String {
        let parts = time.parts
        var out = ""
        for piece in pieces(layout) {
            switch piece {
            case .text(let text): out += text
            case .longMonth: out += GoCalendar.monthName(parts.month)
            case .month: out += GoCalendar.monthName(parts.month).prefix(3)
            case .monthNumber: out += String(parts.month)
            case .monthTwo: out += padded(parts.month)
            case .longWeekday: out += GoCalendar.weekdayName(parts.weekday)
            case .weekday: out += GoCalendar.weekdayName(parts.weekday).prefix(3)
            case .day: out += String(parts.day)
            case .dayBlank: out += padded(parts.day, with: " ")
            case .dayTwo: out += padded(parts.day)
            case .yearDay: out += padded(parts.yearDay, to: 3)
            case .yearDayBlank: out += padded(parts.yearDay, to: 3, with: " ")
            case .hour24: out += padded(parts.hour)
            case .hour12: out += String((parts.hour + 11) % 12 + 1)
            case .hour12Two: out += padded((parts.hour + 11) % 12 + 1)
            case .minute: out += String(parts.minute)
            case .minuteTwo: out += padded(parts.minute)
            case .second: out += String(parts.second)
            case .secondTwo: out += padded(parts.second)
            case .year: out += (parts.year < 0 ? "-" : "") + padded(Int(parts.year.magnitude), to: 4)
            case .yearTwo: out += padded(Int(parts.year.magnitude % 100))
            case .upperHalf: out += parts.hour >= 12 ? "PM" : "AM"
            case .lowerHalf: out += parts.hour >= 12 ? "pm" : "am"
            case .zone: out += parts.abbreviation
            case .offset(let usesZ, let hasColons, let count):
                out += usesZ && parts.offset == 0 ? "Z" : offset(parts.offset, hasColons, count)
            case .fraction(let separator, let digits, let keepsZeros):
                var text = padded(Int(time.nanoseconds), to: 9).prefix(digits)
                if !keepsZeros { while text.hasSuffix("0") { text.removeLast() } }
                if !text.isEmpty { out += String(separator) + text }
            }
        }
        return out
    }

    private static func offset(_ seconds: Int, _ hasColons: Bool, _ parts: Int) -> String {
        let size = abs(seconds)
        let numbers = [size / 3600, size / 60 % 60, size % 60].prefix(parts).map { padded($0) }
        return (seconds < 0 ? "-" : "+") + numbers.joined(separator: hasColons ? ":" : "")
    }

    private static func padded(_ number: Int, to width: Int = 2, with filling: Character = "0") -> String {
        let text = String(number)
        return String(repeating: filling, count: max(0, width - text.count)) + text
    }
}
