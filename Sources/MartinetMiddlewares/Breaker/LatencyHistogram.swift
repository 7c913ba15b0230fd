/// How long answers took over the last minute, to two significant digits, shared by event loops without a lock.
///
/// Values are counted in buckets of growing width, as in an HDR histogram with the figures Traefik uses: 1 µs to an hour. There are six
/// parts of ten seconds; the part that is due is emptied by whoever comes to it first, and a value counted during that moment may be
/// lost.
final class LatencyHistogram: Sendable {
    private static let parts = 6
    private static let partLength: UInt64 = 10_000_000_000
    /// Buckets of one doubling.
    private static let half = 128
    private static let halfBits = 7
    private static let doublings = 25
    private static let buckets = (doublings + 1) * half
    /// Longest latency in microseconds.
    private static let longest: UInt64 = 3_600_000_000

    private let counts = AtomicCells(count: parts * buckets)
    /// The number of the ten seconds that each part counts.
    private let stamps = AtomicCells(count: parts)

    /// - Parameters:
    ///   - latency: nanoseconds; more than an hour is not counted.
    ///   - now: uptime in nanoseconds.
    func add(_ latency: UInt64, now: UInt64) {
        let value = latency / 1000
        guard value <= Self.longest else { return }
        let stamp = now / Self.partLength + 1
        let part = Int(stamp % UInt64(Self.parts))
        let old = stamps.load(part)
        if old != stamp, stamps.exchange(part, expected: old, desired: stamp).exchanged { empty(part) }
        counts.add(part * Self.buckets + Self.bucket(of: value), 1)
    }

    /// The latency in microseconds that `quantile` per cent did not exceed; 0 when nothing was counted.
    func value(at quantile: Double, now: UInt64) -> UInt64 {
        let stamp = now / Self.partLength + 1
        let recent = (0..<Self.parts).filter { stamp &- stamps.load($0) < UInt64(Self.parts) }
        var sums = [UInt64](repeating: 0, count: Self.buckets)
        for part in recent {
            for bucket in sums.indices { sums[bucket] &+= counts.load(part * Self.buckets + bucket) }
        }
        let total = sums.reduce(0, &+)
        guard total > 0 else { return 0 }
        let wanted = UInt64(min(max(quantile, 0), 100) / 100 * Double(total) + 0.5)
        var seen: UInt64 = 0
        for (bucket, count) in sums.enumerated() {
            seen &+= count
            if seen >= wanted { return Self.highest(in: bucket) }
        }
        return Self.longest
    }

    func reset() {
        for part in 0..<Self.parts {
            stamps.store(part, 0)
            empty(part)
        }
    }

    private func empty(_ part: Int) {
        for bucket in 0..<Self.buckets { counts.store(part * Self.buckets + bucket, 0) }
    }

    // MARK: Buckets

    /// Values up to 255 have buckets of their own; from there on the width of a bucket doubles with the values.
    private static func bucket(of value: UInt64) -> Int {
        let doubling = 64 - (value | 255).leadingZeroBitCount - (halfBits + 1)
        return (doubling + 1) * half + Int(value >> UInt64(doubling)) - half
    }

    private static func highest(in bucket: Int) -> UInt64 {
        let doubling = max(0, bucket / half - 1)
        let digit = bucket - doubling * half
        return (UInt64(digit) << UInt64(doubling)) + (1 << UInt64(doubling)) - 1
    }
}
