import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The value of the `Date` header (RFC 9110 §6.6.1), made anew once a second.
struct DateCache {
    private var second = Int64.min
    private var text = ByteBuffer()

    /// `Sun, 06 Nov 1994 08:49:37 GMT`. `wall` is in seconds since 1970.
    mutating func value(wall: Int64) -> ByteBuffer {
        if wall != second {
            second = wall
            text = Self.format(wall)
        }
        return text
    }

    /// The wall clock in nanoseconds since 1970.
    static func wallNanoseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }

    static func wallSeconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME_COARSE, &time)
        return Int64(time.tv_sec)
    }

    static func format(_ seconds: Int64) -> ByteBuffer {
        let days: [StaticString] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months: [StaticString] = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        var clock = time_t(seconds)
        var parts = tm()
        gmtime_r(&clock, &parts)
        var out = ByteBuffer()
        out.writeStaticString(days[Int(parts.tm_wday)])
        out.writeStaticString(", ")
        writePadded(Int(parts.tm_mday), to: &out)
        out.writeStaticString(" ")
        out.writeStaticString(months[Int(parts.tm_mon)])
        out.writeString(" \(parts.tm_year + 1900) ")
        writePadded(Int(parts.tm_hour), to: &out)
        out.writeStaticString(":")
        writePadded(Int(parts.tm_min), to: &out)
        out.writeStaticString(":")
        writePadded(Int(parts.tm_sec), to: &out)
        out.writeStaticString(" GMT")
        return out
    }

    private static func writePadded(_ value: Int, to out: inout ByteBuffer) {
        out.writeInteger(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value / 10 % 10))
        out.writeInteger(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value % 10))
    }
}
