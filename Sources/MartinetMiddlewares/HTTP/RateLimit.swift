package import MartinetConfig
package import MartinetCore
import MartinetHTTP
import MartinetRedis
import NIOCore

/// Bounds how many requests of a source come in a time (Traefik's `rateLimit`): a token bucket that holds `burst` requests and fills
/// with `average` a `period`. A request that is early by less than half an interval is held back until its time; one that is earlier
/// gets 429 with `Retry-After` and `X-Retry-In`. With `redis`, all proxies that name the same server share the buckets, and so do
/// all routers that name the middleware.
package final class RateLimit: StatefulMiddleware {
    private let figures: RateFigures?
    private let criterion: SourceCriterion
    /// Nil when there is no bound.
    private let limiter: (any RateLimiter)?
    /// Whether the limiter is that of all routers that name this middleware, not of one.
    private let isShared: Bool

    /// Throws when the period is negative or the source criterion no good.
    package convenience init(_ options: RateLimitOptions) throws(MiddlewareError) {
        try self.init(options, shared: nil)
    }

    /// As the options say: counts in memory, or in Redis under the middleware's name.
    convenience init(
        _ options: RateLimitOptions, _ context: MiddlewareContext, _ redis: RedisAccess
    ) throws(MiddlewareError) {
        guard let store = options.redis, options.average > 0 else {
            try self.init(options, shared: nil)
            return
        }
        let settings = try RedisSettings(store, option: "rateLimit.redis", context)
        let client = RedisClient(settings, loops: redis.loops, logger: redis.logger, user: context.name)
        try self.init(options) { figures, criterion in
            RedisRateLimiter(options, figures, by: criterion, name: context.name, client)
        }
    }

    /// `shared`: makes a limiter that all routers share; nil: each has one of its own in memory.
    private init(
        _ options: RateLimitOptions, shared: ((RateFigures, SourceCriterion) -> any RateLimiter)?
    ) throws(MiddlewareError) {
        let period = options.period.nanoseconds
        guard period >= 0 else {
            throw MiddlewareError(
                "rateLimit.period: negative value not valid for period: \(GoDuration.text(period))",
                remedy: "give a duration such as 1s")
        }
        criterion = try SourceCriterion(options.sourceCriterion, option: "rateLimit", defaultsToHost: false)
        figures =
            options.average > 0
            ? RateFigures(average: options.average, period: period == 0 ? 1_000_000_000 : period, burst: options.burst)
            : nil
        if let shared, let figures {
            isShared = true
            limiter = shared(figures, criterion)
        } else {
            isShared = false
            limiter = Self.limiter(figures, criterion)
        }
    }

    private init(like other: RateLimit) {
        figures = other.figures
        criterion = other.criterion
        isShared = other.isShared
        limiter = isShared ? other.limiter : Self.limiter(figures, criterion)
    }

    private static func limiter(_ figures: RateFigures?, _ criterion: SourceCriterion) -> (any RateLimiter)? {
        figures.map { MemoryRateLimiter($0, by: criterion) }
    }

    package func fresh() -> any HTTPMiddleware { RateLimit(like: self) }

    package func request(_ exchange: Exchange) -> RequestOutcome {
        guard let limiter else { return .proceed }
        return outcome(of: limiter.take(exchange, for: self), exchange)
    }

    /// The word of a limiter that had to ask somebody. On the event loop of the exchange, which has not ended meanwhile.
    func settle(_ exchange: Exchange, _ verdict: RateVerdict) {
        let outcome = outcome(of: verdict, exchange)
        if outcome != .wait { exchange.resume(outcome) }
    }

    private func outcome(of verdict: RateVerdict, _ exchange: Exchange) -> RequestOutcome {
        switch verdict {
        case .admit: return .proceed
        case .later: return .wait
        case .impossible: return exchange.respondWithPlainText(429, "No bursty traffic allowed")
        case .failed: return exchange.respondWithPlainText(500, "Could not insert/update bucket")
        case .delay(let nanoseconds):
            guard let driver = exchange.driver else { return .proceed }
            driver.schedule(after: .nanoseconds(Int64(clamping: nanoseconds))) { exchange.resume(.proceed) }
            return .wait
        case .refuse(let retryIn):
            let outcome = exchange.respondWithStatusText(429)
            let seconds = retryIn / 1_000_000_000 + (retryIn % 1_000_000_000 > 0 ? 1 : 0)
            exchange.response.headers.add(.retryAfter, String(seconds))
            exchange.response.headers.add(name: "X-Retry-In", value: GoDuration.text(Int64(clamping: retryIn)))
            return outcome
        }
    }
}
