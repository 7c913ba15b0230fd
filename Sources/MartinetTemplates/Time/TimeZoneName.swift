// Foundation is the one reader of the system's time zones by name that there is; the local one is the C library's.
import Foundation
import Glibc

/// Where a time is shown.
enum TimeZoneName: Hashable, Sendable {
    case utc, local
    /// Of the zone database, such as `Europe/Paris`.
    case named(String)
    /// Seconds east of Greenwich.
    case fixed(Int, name: String)

    /// As Go's `LoadLocation`; nil if there is no such zone.
    init?(_ name: String) {
        switch name {
        case "", "UTC": self = .utc
        case "Local": self = .local
        default:
            guard !name.contains(".."), !name.hasPrefix("/"), TimeZone(identifier: name) != nil else { return nil }
            self = .named(name)
        }
    }

    /// As Go's `Location` tells it: the local zone has the name that `TZ` gives it.
    var name: String {
        switch self {
        case .utc: return "UTC"
        case .local:
            guard let set = getenv("TZ") else { return "Local" }
            let name = String(cString: set).drop { $0 == ":" }
            return name.isEmpty ? "UTC" : String(name)
        case .named(let name), .fixed(_, let name): return name
        }
    }

    /// Whether clocks are put forward at a time in seconds since 1970.
    func isDaylightSaving(at seconds: Int64) -> Bool {
        switch self {
        case .utc, .fixed: return false
        case .local:
            var time = time_t(seconds)
            var parts = tm()
            return localtime_r(&time, &parts) != nil && parts.tm_isdst > 0
        case .named(let name):
            return TimeZone(identifier: name)?.isDaylightSavingTime(
                for: Date(timeIntervalSince1970: Double(seconds))) ?? false
        }
    }

    /// Seconds east of Greenwich and abbreviation at a time in seconds since 1970.
    func offset(at seconds: Int64) -> (seconds: Int, abbreviation: String) {
        switch self {
        case .utc: return (0, "UTC")
        case .fixed(let offset, let name): return (offset, name.isEmpty ? Self.digits(offset) : name)
        case .local:
            var time = time_t(seconds)
            var parts = tm()
            guard localtime_r(&time, &parts) != nil else { return (0, "UTC") }
            return (parts.tm_gmtoff, parts.tm_zone.map { String(cString: $0) } ?? "")
        case .named(let name):
            let date = Date(timeIntervalSince1970: Double(seconds))
            guard let zone = TimeZone(identifier: name) else { return (0, "UTC") }
            let offset = zone.secondsFromGMT(for: date)
            return (offset, Self.abbreviation(of: zone, date) ?? Self.digits(offset))
        }
    }

    /// `EST`, `CET`. No one English-speaking country has names for all zones.
    private static func abbreviation(of zone: TimeZone, _ date: Date) -> String? {
        let style: NSTimeZone.NameStyle = zone.isDaylightSavingTime(for: date) ? .shortDaylightSaving : .shortStandard
        for country in ["en_US", "en_GB", "en_AU", "en_IN"] {
            guard let name = zone.localizedName(for: style, locale: Locale(identifier: country)) else { continue }
            if name.allSatisfy({ $0.isASCII && $0.isUppercase }) { return name }
        }
        return nil
    }

    /// `+01`, `+0530`: what stands for zones without a name.
    private static func digits(_ offset: Int) -> String {
        let minutes = abs(offset) / 60
        func two(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
        return (offset < 0 ? "-" : "+") + two(minutes / 60) + (minutes % 60 == 0 ? "" : two(minutes % 60))
    }
}
