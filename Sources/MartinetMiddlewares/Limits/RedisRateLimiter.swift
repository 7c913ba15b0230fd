import MartinetConfig
import MartinetCore
import MartinetRedis
import NIOCore

/// Token buckets in a Redis server, one for each source, shared by all proxies that use it: keys, fields and figures are those of
/// Traefik, so that both may share one.
///
/// A bucket is a hash `rate:MIDDLEWARE:SOURCE` with the fields `tokens` and `last`, the time in microseconds at which there were so
/// many. A script reads and changes it in one go, on the server's clock, so that proxies whose clocks differ count alike. A bucket that
/// is full again is as good as none, and expires.
final class RedisRateLimiter: RateLimiter {
    private static let script = RedisScript(
        """
        local rate, depth = tonumber(ARGV[1]), tonumber(ARGV[2])
        local longest = tonumber(ARGV[4])
        local clock = redis.call('TIME')
        local now = clock[1] * 1000000 + clock[2]
        local bucket = redis.call('HMGET', KEYS[1], 'last', 'tokens')
        local last, tokens = tonumber(bucket[1]), tonumber(bucket[2])
        if last and tokens then
          tokens = math.min(depth, tokens + math.max(0, now - last) * rate)
        else
          tokens = depth
        end
        local wait = 0
        tokens = tokens - 1
        if tokens < 0 then
          wait = math.ceil(-tokens / rate)
          if wait > longest then tokens = tokens + 1 end
        end
        redis.call('HSET', KEYS[1], 'last', now, 'tokens', tokens)
        redis.call('EXPIRE', KEYS[1], ARGV[3])
        return wait
        """)

    private let criterion: SourceCriterion
    private let client: RedisClient
    /// What keys begin with.
    private let prefix: [UInt8]
    /// Tokens a microsecond, the bucket's depth, seconds until it expires, the longest delay in microseconds.
    private let arguments: [String]
    private let longestDelay: UInt64

    /// `name`: of the middleware, `name@provider`.
    init(
        _ options: RateLimitOptions, _ figures: RateFigures, by criterion: SourceCriterion, name: String,
        _ client: RedisClient
    ) {
        self.criterion = criterion
        self.client = client
        prefix = Array("rate:\(name):".utf8)
        let period = options.period.nanoseconds > 0 ? Double(options.period.nanoseconds) : 1e9
        let rate = Double(options.average) * 1e3 / period
        let depth = max(1, options.burst)
        longestDelay = figures.longestDelay / 1000
        arguments = ["\(rate)", "\(depth)", "\(Self.lifetime(rate: rate, depth: depth))", "\(longestDelay)"]
    }

    /// Seconds until an untouched bucket is full, and one more. Traefik takes the time for one token, after which a bucket that holds
    /// more is forgotten, and full, too early.
    static func lifetime(rate: Double, depth: Int) -> Int {
        // Ten years is for ever.
        Int(min((Double(depth) / rate / 1e6).rounded(.up) + 1, 315_360_000))
    }

    func take(_ exchange: Exchange, for middleware: RateLimit) -> RateVerdict {
        guard let driver = exchange.driver else { return .failed }
        let answer = client.evaluate(
            Self.script, key: prefix + criterion.text(exchange), arguments: arguments, on: driver.eventLoop)
        driver.wait(for: answer) { [longestDelay] result in
            middleware.settle(exchange, Self.verdict(result, longestDelay: longestDelay))
        }
        return .later
    }

    /// `longestDelay`: in microseconds.
    static func verdict(_ result: Result<RESPValue, any Error>, longestDelay: UInt64) -> RateVerdict {
        guard case .success(.integer(let wait)) = result else { return .failed }
        guard wait > 0 else { return .admit }
        let (nanoseconds, overflows) = UInt64(wait).multipliedReportingOverflow(by: 1000)
        let bounded = overflows ? UInt64(Int64.max) : nanoseconds
        return UInt64(wait) > longestDelay ? .refuse(retryIn: bounded) : .delay(bounded)
    }
}
