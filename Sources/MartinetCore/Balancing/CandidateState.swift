import NIOCore
import Synchronization

/// What is known of a server from one request to the next: whether it is up, how much it has to do, how fast it answers.
///
/// It outlives the balancer it was made for: a later configuration that has the same server in the same service goes on with it, so
/// that a reload neither forgets that a server is down nor what it is busy with. Every field is atomic; any thread.
package final class CandidateState: Sendable {
    private let up = Atomic<Bool>(true)
    /// Uptime in nanoseconds until which failed requests keep it out; 0 when they do not.
    private let barredUntil = Atomic<UInt64>(0)
    private let busy = Atomic<Int>(0)
    /// Kept for the strategy `leasttime` only.
    package let responseTimes: ResponseTimes?
    /// Kept with a passive health check only.
    package let failures: FailureWindow?

    /// For candidates that nobody watches: up for ever, and shared by all of them.
    package static let untouched = CandidateState()

    package init(responseTimes: ResponseTimes? = nil, failures: FailureWindow? = nil) {
        self.responseTimes = responseTimes
        self.failures = failures
    }

    /// Whether it may get requests. It may until a health check says otherwise.
    package var isUp: Bool {
        guard up.load(ordering: .relaxed) else { return false }
        let until = barredUntil.load(ordering: .relaxed)
        guard until > 0 else { return true }
        guard NIODeadline.now().uptimeNanoseconds >= until else { return false }
        _ = barredUntil.compareExchange(expected: until, desired: 0, ordering: .relaxed)
        return true
    }

    /// Takes note of what a health check found out. Returns whether that is news.
    @discardableResult
    package func set(isUp: Bool) -> Bool { up.exchange(isUp, ordering: .relaxed) != isUp }

    /// Keeps it out until then (uptime in nanoseconds).
    package func bar(until: UInt64) { barredUntil.store(max(1, until), ordering: .relaxed) }

    // MARK: Requests under way

    package var inFlight: Int { busy.load(ordering: .relaxed) }
    package func begin() { busy.wrappingAdd(1, ordering: .relaxed) }
    package func end() { busy.wrappingSubtract(1, ordering: .relaxed) }
}
