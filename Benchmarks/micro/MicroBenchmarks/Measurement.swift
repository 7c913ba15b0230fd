import CAllocationCounter

/// What one operation of a benchmark costs: the least of several rounds, for what else the machine does only adds.
struct Measurement {
    private(set) var allocations = Double.infinity
    /// Bytes asked for.
    private(set) var bytes = Double.infinity
    private(set) var nanoseconds = Double.infinity

    private static let rounds = 7
    /// How long a round takes about.
    private static let roundTime = Duration.milliseconds(60)

    /// Measures `benchmark` after warming it up.
    init(_ benchmark: any MicroBenchmark) {
        let clock = ContinuousClock()
        var count = 16
        // Doubling until a quarter of a round is reached also warms up.
        while clock.measure({ benchmark.run(count) }) < Self.roundTime / 4, count < 1 << 24 { count *= 2 }
        count *= 4
        for _ in 0..<Self.rounds {
            let before = martinet_allocations_now().pointee
            let time = clock.measure { benchmark.run(count) }
            let after = martinet_allocations_now().pointee
            allocations = min(allocations, Double(after.allocations - before.allocations) / Double(count))
            bytes = min(bytes, Double(after.bytes - before.bytes) / Double(count))
            nanoseconds = min(nanoseconds, time / .nanoseconds(1) / Double(count))
        }
    }
}
