import Synchronization

/// The state of a circuit breaker. Time is passed in: uptime in nanoseconds.
///
/// ```
///             condition holds              fallback is over              recovery is over
///  standby ───────────────────► tripped ───────────────────► recovering ─────────────────► standby
///                                  ▲      condition holds        │
///                                  └─────────────────────────────┘
/// ```
///
/// While it recovers, the share of requests that pass grows evenly from none to a half; then all pass.
///
/// Shared by all event loops. State and end of the state are one number, and so are both counts of the recovery: each changes by
/// compare-and-exchange, and whoever does not win has nothing to do.
final class Breaker: Sendable {
    /// Durations in nanoseconds, 1 or more.
    struct Times: Sendable {
        var checkPeriod: UInt64 = 100_000_000
        var fallback: UInt64 = 10_000_000_000
        var recovery: UInt64 = 10_000_000_000
    }

    private enum State: UInt64 {
        case standby = 0
        case tripped = 1
        case recovering = 2
    }

    private let condition: Condition<BreakerVocabulary>
    private let times: Times
    private let metrics: BreakerMetrics
    /// State in the two highest bits, its end in the others.
    private let word = Atomic<UInt64>(0)
    private let nextCheck = Atomic<UInt64>(0)
    /// Requests let through since recovery began in the upper half, those held off in the lower.
    private let shares = Atomic<UInt64>(0)

    private static let timeMask: UInt64 = 1 << 62 - 1

    init(_ condition: Condition<BreakerVocabulary>, _ times: Times) {
        self.condition = condition
        self.times = times
        metrics = BreakerMetrics(for: condition.figures)
    }

    /// Whether it stands by: then every request passes, and nobody needs the time.
    var isStandby: Bool { word.load(ordering: .relaxed) == 0 }

    /// Whether a request may pass.
    func admits(now: UInt64) -> Bool {
        var current = word.load(ordering: .acquiring)
        if current >> 62 == State.tripped.rawValue {
            guard now >= current & Self.timeMask else { return false }
            current = move(from: current, to: .recovering, until: now &+ times.recovery)
        }
        guard current >> 62 == State.recovering.rawValue else { return current == 0 }
        let end = current & Self.timeMask
        guard now <= end else {
            _ = move(from: current, to: .standby, until: 0)
            return true
        }
        return takesShare(elapsed: times.recovery &- min(times.recovery, end &- now))
    }

    /// Counts an answer, and looks at the condition if that is due. `latency` in nanoseconds.
    func record(_ status: UInt16, latency: UInt64, now: UInt64) {
        metrics.record(status, latency: latency, now: now)
        let due = nextCheck.load(ordering: .relaxed)
        guard now >= due,
            nextCheck.compareExchange(expected: due, desired: now &+ times.checkPeriod, ordering: .relaxed).exchanged
        else { return }
        let current = word.load(ordering: .acquiring)
        guard current >> 62 != State.tripped.rawValue, condition.holds({ metrics.value(of: $0, now: now) }) else {
            return
        }
        shares.store(0, ordering: .relaxed)
        _ = move(from: current, to: .tripped, until: now &+ times.fallback)
        metrics.reset()
    }

    /// Changes the state unless another loop has; returns the state that is.
    private func move(from current: UInt64, to state: State, until end: UInt64) -> UInt64 {
        let desired = state == .standby ? 0 : state.rawValue << 62 | end & Self.timeMask
        let result = word.compareExchange(expected: current, desired: desired, ordering: .acquiringAndReleasing)
        return result.exchanged ? desired : result.original
    }

    /// Whether letting this request through keeps the share of those let through below what is due `elapsed` nanoseconds into the
    /// recovery. At a half as many pass as are held off, which is where recovery ends.
    private func takesShare(elapsed: UInt64) -> Bool {
        let target = 0.5 * Double(elapsed) / Double(times.recovery)
        var current = shares.load(ordering: .relaxed)
        while true {
            let passed = Double(current >> 32)
            let held = Double(current & 0xFFFF_FFFF)
            let passes = (passed + 1) / (passed + held + 1) < target
            let next = passes ? current &+ 1 << 32 : current &+ 1
            let result = shares.compareExchange(expected: current, desired: next, ordering: .relaxed)
            if result.exchanged { return passes }
            current = result.original
        }
    }
}
