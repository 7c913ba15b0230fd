#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The machine's clocks.
enum SystemClock {
    /// Nanoseconds since 1970.
    static func wallNanoseconds() -> Int64 { read(CLOCK_REALTIME) }

    /// Nanoseconds of a clock that only goes forward.
    static func uptimeNanoseconds() -> Int64 { read(CLOCK_MONOTONIC) }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    }
}
