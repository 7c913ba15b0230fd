import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Times as access log lines show them, taken apart once a second; one an event loop.
struct AccessLogClock {
    /// A second in one time zone: `2026-11-21T03:04:05` with the offset that follows it, and `21/Nov/2026:03:04:05 +0000`.
    struct Second {
        fileprivate(set) var date = ByteBuffer()
        fileprivate(set) var offset = ByteBuffer()
        fileprivate(set) var common = ByteBuffer()
    }

    /// What the lines of one second begin with, and what was used for the lines' ends, which is mostly another second.
    private var starts = Pair()
    private var ends = Pair()
    private let localTime: (Int64) -> tm

    /// `localTime`: takes a second since 1970 apart; by default in the zone of the process.
    init(localTime: @escaping (Int64) -> tm = Self.ofProcess) { self.localTime = localTime }

    private struct Pair {
        var second = Int64.min
        var utc = Second()
        var local = Second()
    }

    /// `[21/Nov/2026:03:04:05 +0000]` without the brackets. `wall`: nanoseconds since 1970.
    mutating func writeCommon(_ wall: Int64, local: Bool, to out: inout ByteBuffer) {
        Self.advance(&starts, to: Self.seconds(wall), localTime)
        out.writeImmutableBuffer(local ? starts.local.common : starts.utc.common)
    }

    /// RFC 3339 with nanoseconds, zeros at the end left out.
    mutating func writeStart(_ wall: Int64, local: Bool, to out: inout ByteBuffer) {
        Self.advance(&starts, to: Self.seconds(wall), localTime)
        out.writeImmutableBuffer(local ? starts.local.date : starts.utc.date)
        Self.writeFraction(UInt32(truncatingIfNeeded: wall &- Self.seconds(wall) &* 1_000_000_000), to: &out)
        out.writeImmutableBuffer(local ? starts.local.offset : starts.utc.offset)
    }

    /// RFC 3339 in local time, without a fraction.
    mutating func writeEnd(_ wall: Int64, to out: inout ByteBuffer) {
        Self.advance(&ends, to: Self.seconds(wall), localTime)
        out.writeImmutableBuffer(ends.local.date)
        out.writeImmutableBuffer(ends.local.offset)
    }

    private static func seconds(_ wall: Int64) -> Int64 {
        wall >= 0 ? wall / 1_000_000_000 : (wall &- 999_999_999) / 1_000_000_000
    }

    private static func writeFraction(_ nanoseconds: UInt32, to out: inout ByteBuffer) {
        guard nanoseconds > 0 else { return }
        out.writeInteger(UInt8(ascii: "."))
        var rest = nanoseconds
        var unit: UInt32 = 100_000_000
        while rest > 0, unit > 0 {
            out.writeInteger(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest / unit))
            rest %= unit
            unit /= 10
        }
    }

    // MARK: Once a second

    private static func ofProcess(_ second: Int64) -> tm {
        var clock = time_t(second)
        var parts = tm()
        localtime_r(&clock, &parts)
        return parts
    }

    private static func advance(_ pair: inout Pair, to second: Int64, _ localTime: (Int64) -> tm) {
        guard pair.second != second else { return }
        pair.second = second
        var clock = time_t(second)
        var parts = tm()
        gmtime_r(&clock, &parts)
        pair.utc = describe(parts)
        pair.utc.offset = ByteBuffer(string: "Z")
        parts = localTime(second)
        pair.local = describe(parts)
        if parts.tm_gmtoff == 0 { pair.local.offset = pair.utc.offset }
    }

    private static func describe(_ parts: tm) -> Second {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func two(_ value: some BinaryInteger) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let year = Int(parts.tm_year) + 1900
        let month = Int(parts.tm_mon)
        let clock = "\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))"
        let minutes = abs(parts.tm_gmtoff) / 60
        let sign = parts.tm_gmtoff < 0 ? "-" : "+"
        return Second(
            date: ByteBuffer(string: "\(year)-\(two(month + 1))-\(two(parts.tm_mday))T\(clock)"),
            offset: ByteBuffer(string: "\(sign)\(two(minutes / 60)):\(two(minutes % 60))"),
            common: ByteBuffer(
                string: "\(two(parts.tm_mday))/\(months.indices.contains(month) ? months[month] : "")/\(year):\(clock) "
                    + "\(sign)\(two(minutes / 60))\(two(minutes % 60))"))
    }
}
