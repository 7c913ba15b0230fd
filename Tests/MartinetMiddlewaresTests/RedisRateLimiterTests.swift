import MartinetConfig
import MartinetCore
import MartinetRedis
import NIOCore
import Testing

@testable import MartinetMiddlewares

@Suite struct RedisRateLimiterTests {
    private static let verdicts: [(RESPValue, RateVerdict)] = [
        (.integer(0), .admit),
        (.integer(-1), .admit),
        (.integer(.min), .admit),
        (.integer(1), .delay(1000)),
        (.integer(500), .delay(500_000)),
        (.integer(501), .refuse(retryIn: 501_000)),
        (.integer(.max), .refuse(retryIn: UInt64(Int64.max))),
        (.error("NOSCRIPT"), .failed),
        (.null, .failed),
        (.array([.integer(1)]), .failed),
    ]

    @Test(arguments: verdicts)
    func theServersWordIsTheVerdict(_ row: (RESPValue, RateVerdict)) {
        #expect(RedisRateLimiter.verdict(.success(row.0), longestDelay: 500) == row.1)
    }

    @Test func noWordIsAFailure() {
        #expect(RedisRateLimiter.verdict(.failure(RedisError.timeout), longestDelay: 500) == .failed)
    }

    /// Rates are a microsecond's.
    @Test(
        arguments: [
            (5e-6, 3, 2), (1e-6, 60, 61), (1e-7, 2, 21), (1e-300, 1, 315_360_000), (1e9, Int.max, 9225),
            (Double.infinity, 1, 1),
        ] as [(Double, Int, Int)])
    func bucketsLiveUntilTheyAreFull(_ rate: Double, _ depth: Int, _ seconds: Int) {
        #expect(RedisRateLimiter.lifetime(rate: rate, depth: depth) == seconds)
    }

    @Test(
        arguments: [
            ([], "127.0.0.1"), ([("X-Forwarded-For", "1.2.3.4, 5.6.7.8")], "5.6.7.8"),
            ([("X-Forwarded-For", "2001:DB8::1")], "2001:DB8::1"), ([("X-Forwarded-For", "unknown")], "unknown"),
        ] as [([(String, String)], String)])
    func sourcesAreWrittenAsTraefikDoes(_ lines: [(String, String)], _ address: String) throws {
        var strategy = IPStrategyOptions()
        strategy.depth = 1
        var options = SourceCriterionOptions()
        if !lines.isEmpty { options.ipStrategy = strategy }
        let criterion = try SourceCriterion(options, option: "x", defaultsToHost: false)
        #expect(String(decoding: criterion.text(.get("/", lines)), as: UTF8.self) == address)
    }

    private func settings(_ change: (inout RateLimitRedisOptions) -> Void) throws -> RedisSettings {
        var options = RateLimitRedisOptions()
        change(&options)
        struct Unavailable: Error {}
        let context = MiddlewareContext(
            name: "limit@test", service: { _ in throw Unavailable() }, server: { _, _ in throw Unavailable() },
            tls: { _ in throw Unavailable() }, file: { _ in nil })
        return try RedisSettings(options, option: "rateLimit.redis", context)
    }

    @Test func settingsAreTheOptions() throws {
        let settings = try settings {
            $0.endpoints = ["redis.test", "[::1]:7000", "redis.test:6379"]
            $0.username = "ann"
            $0.password = "secret"
            $0.poolSize = 4
            $0.minIdleConns = 2
            $0.maxActiveConns = 3
            $0.readTimeout = .seconds(1)
            $0.writeTimeout = .seconds(-1)
            $0.dialTimeout = .seconds(0)
        }
        #expect(settings.endpoints.map(\.description) == ["redis.test:6379", "[::1]:7000"])
        #expect(settings.username == "ann" && settings.password == "secret")
        #expect(settings.connections == 4 && settings.eagerConnections == 2 && settings.mostConnections == 3)
        #expect(settings.readTimeout == .seconds(1))
        #expect(settings.writeTimeout == nil)
        #expect(settings.dialTimeout == .seconds(5))
    }

    @Test func sentinelsNameTheMaster() throws {
        #expect(try settings { _ in }.sentinel == nil)
        let settings = try settings {
            $0.endpoints = ["a:26379", "b:26379"]
            $0.db = 3
            $0.password = "masters"
            var sentinel = RateLimitSentinelOptions()
            sentinel.masterName = "counts"
            sentinel.username = "ann"
            sentinel.password = "sentinels"
            $0.sentinel = sentinel
        }
        #expect(settings.endpoints.count == 2 && settings.database == 3 && settings.password == "masters")
        var expected = RedisSentinelSettings(master: "counts")
        expected.username = "ann"
        expected.password = "sentinels"
        #expect(settings.sentinel == expected)
    }

    @Test func whatCannotWorkIsRefused() {
        #expect(throws: MiddlewareError.self) { try settings { $0.sentinel = RateLimitSentinelOptions() } }
        #expect(throws: MiddlewareError.self) { try settings { $0.endpoints = ["redis://a:1"] } }
        #expect(throws: MiddlewareError.self) { try settings { $0.db = -1 } }
        #expect(throws: MiddlewareError.self) {
            try settings {
                $0.endpoints = ["a:1", "b:1"]
                $0.db = 1
            }
        }
        #expect(throws: MiddlewareError.self) { try settings { $0.tls = ClientTLSOptions() } }
    }
}
