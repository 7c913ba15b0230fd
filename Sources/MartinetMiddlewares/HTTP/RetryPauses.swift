package import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The pauses between the tries of ``Retry``. They grow so evenly that one more after the last would be about twice the first, and each
/// is up to half shorter or longer by chance, so that clients who failed together do not come back together (Traefik's exponential
/// backoff).
package struct RetryPauses: Sendable {
    /// The first pause, in nanoseconds; 0 for none at all.
    private let initial: Double
    /// The binary logarithm of the factor from one pause to the next.
    private let growth: Double

    /// Nanoseconds of an hour, which no client waits for; what is longer would not fit into what counts time.
    private static let longest = 3600e9

    /// `initial`: the first pause, in nanoseconds. `attempts`: tries in all.
    package init(initial: Int64, attempts: Int) {
        self.initial = Double(max(0, initial))
        growth = attempts > 1 ? 1 / Double(attempts - 1) : 0
    }

    /// The pause before try `attempt`, of which the first has none. `chance`: evenly spread from 0 to 1.
    package func pause(before attempt: Int, chance: Double) -> TimeAmount {
        guard initial > 0 else { return .zero }
        let even = initial * exp2(growth * Double(attempt - 2))
        return .nanoseconds(Int64(min(even * (0.5 + chance), Self.longest)))
    }
}
