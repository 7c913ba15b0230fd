import Synchronization

/// The last failures of a server, for passive health checks: so many without a success between them, within so much time, are too
/// many. Any thread, without a lock.
package final class FailureWindow: Sendable {
    private final class Slot: Sendable {
        let time = Atomic<UInt64>(0)
    }

    /// Greatest number of failures that can be asked for; each costs a few bytes.
    package static let maximumAttempts = 10_000

    /// How long failures count, and how long a server is kept out; nanoseconds.
    package let window: UInt64
    package let attempts: Int
    private let slots: [Slot]
    private let consecutive = Atomic<Int>(0)

    /// - Parameters:
    ///   - attempts: failures that are too many (Traefik's maxFailedAttempts, default 1; less is taken for 1).
    ///   - window: Traefik's failureWindow in nanoseconds, default 10 s.
    package init(attempts: Int, window: UInt64) {
        self.attempts = min(max(1, attempts), Self.maximumAttempts)
        self.window = window
        slots = (0..<self.attempts).map { _ in Slot() }
    }

    /// Takes note of a failure at `now` (uptime in nanoseconds). Returns whether it is one too many.
    package func failed(now: UInt64) -> Bool {
        let number = UInt(bitPattern: consecutive.wrappingAdd(1, ordering: .relaxed).newValue)
        let count = UInt(slots.count)
        slots[Int((number &- 1) % count)].time.store(now, ordering: .relaxed)
        guard number >= count else { return false }
        // The oldest of the last `attempts` failures lies where the next one will.
        let oldest = slots[Int(number % count)].time.load(ordering: .relaxed)
        return now &- oldest < window
    }

    /// A success makes failures before it not count.
    package func succeeded() {
        if consecutive.load(ordering: .relaxed) != 0 { consecutive.store(0, ordering: .relaxed) }
    }
}
