/// Counts of the last ten seconds, second by second, that event loops share without a lock.
///
/// A cell holds the second it counts and the count of it in one number, so that a cell of ten seconds ago is recognised and
/// overwritten by whoever comes first.
struct RollingCounters: Sendable {
    /// Length of the window in seconds, the present one included. Traefik's.
    static let window = 10
    private static let countBits: UInt64 = 32

    private let cells: AtomicCells
    private let counters: Int

    /// - Parameter counters: how many things are counted.
    init(_ counters: Int) {
        self.counters = counters
        cells = AtomicCells(count: counters * Self.window)
    }

    /// Counts one.
    func add(_ counter: Int, second: UInt64) {
        let index = counter * Self.window + Int(second % UInt64(Self.window))
        // Second 0 is that of cells never used.
        let stamp = (second &+ 1) << Self.countBits
        var cell = cells.load(index)
        while true {
            let isCurrent = cell >> Self.countBits == stamp >> Self.countBits
            let result = cells.exchange(index, expected: cell, desired: isCurrent ? cell &+ 1 : stamp | 1)
            if result.exchanged { return }
            cell = result.original
        }
    }

    /// What was counted in the window that ends with `second`.
    func total(_ counter: Int, second: UInt64) -> UInt64 {
        var total: UInt64 = 0
        for offset in 0..<Self.window {
            let cell = cells.load(counter * Self.window + offset)
            let age = (second &+ 1) &- (cell >> Self.countBits)
            if age < UInt64(Self.window) { total &+= cell & (1 << Self.countBits - 1) }
        }
        return total
    }

    func reset() {
        for index in 0..<cells.count { cells.store(index, 0) }
    }
}
