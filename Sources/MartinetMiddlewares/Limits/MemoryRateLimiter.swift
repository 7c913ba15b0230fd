import MartinetCore
import NIOCore

/// Token buckets in the memory of this process, one for each source, shared by all event loops without a lock.
///
/// A bucket is one number: the time at which it will be full again. Taking a request moves that time by one interval; when it lies
/// further ahead than a bucket is deep, the request has to wait for the difference. That is the token bucket of Go's `x/time/rate`,
/// which Traefik uses, told by its other end: a number that one compare-and-exchange moves. A bucket that is full is as good as a
/// fresh one, so its place may go to another source.
final class MemoryRateLimiter: RateLimiter {
    private let figures: RateFigures
    private let criterion: SourceCriterion
    private let buckets = SourceTable()
    /// Times count from here, so that 0 lies in the past.
    private let epoch: UInt64

    /// `now`: uptime in nanoseconds.
    init(_ figures: RateFigures, by criterion: SourceCriterion, now: UInt64 = NIODeadline.now().uptimeNanoseconds) {
        self.figures = figures
        self.criterion = criterion
        epoch = now
    }

    func take(_ exchange: Exchange, for middleware: RateLimit) -> RateVerdict {
        take(criterion.key(exchange), now: NIODeadline.now().uptimeNanoseconds)
    }

    /// - Parameters:
    ///   - key: the source, see ``SourceKey``.
    ///   - now: uptime in nanoseconds.
    func take(_ key: UInt64, now: UInt64) -> RateVerdict {
        let now = now > epoch ? now - epoch : 0
        var verdict = RateVerdict.admit
        // A table full of busy sources forgets the one whose bucket is fullest.
        buckets.update(key, idleUpTo: now, evicts: true) { full in
            let next = max(full, now) &+ figures.interval
            let ahead = next &- now
            guard ahead > figures.depth else {
                verdict = .admit
                return .store(next)
            }
            let delay = ahead - figures.depth
            guard delay <= figures.longestDelay else {
                verdict = .refuse(retryIn: delay)
                return .leave
            }
            verdict = .delay(delay)
            return .store(next)
        }
        return verdict
    }
}
