import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A fixed row of atomic numbers, all 0 at first, that event loops share. Memory nobody has touched costs nothing.
final class AtomicCells: Sendable {
    let count: Int
    private nonisolated(unsafe) let cells: UnsafeMutablePointer<Atomic<UInt64>>

    init(count: Int) {
        self.count = count
        cells = ZeroedMemory.make(count)
    }

    deinit { free(cells) }

    func load(_ index: Int) -> UInt64 { cells[check(index)].load(ordering: .relaxed) }
    func store(_ index: Int, _ value: UInt64) { cells[check(index)].store(value, ordering: .relaxed) }
    func add(_ index: Int, _ value: UInt64) { cells[check(index)].wrappingAdd(value, ordering: .relaxed) }

    func exchange(_ index: Int, expected: UInt64, desired: UInt64) -> (exchanged: Bool, original: UInt64) {
        cells[check(index)].compareExchange(expected: expected, desired: desired, ordering: .relaxed)
    }

    private func check(_ index: Int) -> Int {
        precondition(index >= 0 && index < count, "cell \(index) of \(count)")
        return index
    }
}
