import Synchronization

/// How long a server took to begin its last answers: their mean, in whole milliseconds each, as Traefik reckons. Servers that
/// answer within a millisecond are therefore equally fast, and chance does not choose among them. Any thread, without a lock.
package final class ResponseTimes: Sendable {
    /// How many answers the mean is made of.
    package static let capacity = 100

    private final class Slot: Sendable {
        let milliseconds = Atomic<Int>(0)
    }

    private let slots = (0..<capacity).map { _ in Slot() }
    private let recorded = Atomic<Int>(0)
    private let sum = Atomic<Int>(0)

    package init() {}

    /// The mean in milliseconds; nil when there was no answer yet.
    package var mean: Double? {
        let count = recorded.load(ordering: .relaxed)
        guard count > 0 else { return nil }
        return Double(max(0, sum.load(ordering: .relaxed))) / Double(min(count, Self.capacity))
    }

    package func record(nanoseconds: UInt64) {
        let milliseconds = Int(clamping: nanoseconds / 1_000_000)
        let number = recorded.wrappingAdd(1, ordering: .relaxed).oldValue
        // A counter that comes round would count as few answers again; it does not within the age of the universe.
        let slot = slots[Int(UInt(bitPattern: number) % UInt(Self.capacity))]
        let old = slot.milliseconds.exchange(milliseconds, ordering: .relaxed)
        sum.wrappingAdd(milliseconds &- old, ordering: .relaxed)
    }
}
