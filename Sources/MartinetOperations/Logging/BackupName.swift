#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The names of log files put aside: `proxy-2026-11-21T03-04-05.000.log` beside `proxy.log`, in UTC, with `.gz` once packed.
struct BackupName: Sendable {
    private let stem: String
    private let ending: String

    /// - Parameter name: of the log file, without its folder.
    init(of name: String) {
        if let dot = name.lastIndex(of: ".") {
            stem = name[..<dot] + "-"
            ending = String(name[dot...])
        } else {
            stem = name + "-"
            ending = ""
        }
    }

    /// - Parameter time: nanoseconds since 1970.
    func name(at time: Int64) -> String {
        let milliseconds = time / 1_000_000
        var clock = time_t(milliseconds / 1000)
        var parts = tm()
        gmtime_r(&clock, &parts)
        let date = [Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday)]
        let day = [Int(parts.tm_hour), Int(parts.tm_min), Int(parts.tm_sec)]
        func text(_ numbers: [Int]) -> String { numbers.map { Self.padded($0, 2) }.joined(separator: "-") }
        return "\(stem)\(text(date))T\(text(day)).\(Self.padded(Int(milliseconds % 1000), 3))\(ending)"
    }

    /// When the file of that name was put aside, in nanoseconds since 1970, and whether it is packed; nil for a file of another
    /// kind.
    func parse(_ name: String) -> (time: Int64, isPacked: Bool)? {
        var rest = name[...]
        let isPacked = rest.hasSuffix(ending + ".gz")
        if isPacked { rest = rest.dropLast(3) }
        guard rest.hasPrefix(stem), rest.hasSuffix(ending), rest.count >= stem.count + ending.count else { return nil }
        let digits = Array(rest.dropFirst(stem.count).dropLast(ending.count).utf8)
        let shape = Array("0000-00-00T00-00-00.000".utf8)
        guard digits.count == shape.count else { return nil }
        for (byte, place) in zip(digits, shape) {
            guard place == UInt8(ascii: "0") ? byte &- 0x30 < 10 : byte == place else { return nil }
        }
        func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + Int($1 - 0x30) } }
        var parts = tm()
        parts.tm_year = Int32(number(0..<4) - 1900)
        parts.tm_mon = Int32(number(5..<7) - 1)
        parts.tm_mday = Int32(number(8..<10))
        parts.tm_hour = Int32(number(11..<13))
        parts.tm_min = Int32(number(14..<16))
        parts.tm_sec = Int32(number(17..<19))
        let (time, overflow) = Int64(timegm(&parts)).multipliedReportingOverflow(by: 1_000_000_000)
        // A year like 9999 does not fit; such a file was put aside by no clock we know.
        return overflow ? nil : (time + Int64(number(20..<23)) * 1_000_000, isPacked)
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
