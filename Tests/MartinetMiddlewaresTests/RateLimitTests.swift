import MartinetConfig
import MartinetCore
import MartinetHTTP
import NIOCore
import Testing

@testable import MartinetMiddlewares

@Suite struct RateLimitTests {
    private static let second: UInt64 = 1_000_000_000

    private func limiter(average: Int, period: Int64 = 1_000_000_000, burst: Int = 1) throws -> MemoryRateLimiter {
        MemoryRateLimiter(
            RateFigures(average: average, period: period, burst: burst),
            by: try SourceCriterion(nil, option: "x", defaultsToHost: false), now: 0)
    }

    @Test(
        arguments: [
            (1, 1_000_000_000, 1, 1_000_000_000, 1_000_000_000, 500_000_000),
            (100, 1_000_000_000, 50, 10_000_000, 500_000_000, 5_000_000),
            (1, 3_600_000_000_000, 1, 3_600_000_000_000, 3_600_000_000_000, 500_000_000),
            (3, 2_000_000_000, 2, 666_666_667, 1_333_333_334, 500_000_000),
            (7, 2_000_000_000, 1, 285_714_286, 285_714_286, 166_666_666),
            (1, 1_000_000_000, -5, 1_000_000_000, 1_000_000_000, 500_000_000),
        ] as [(Int, Int64, Int, UInt64, UInt64, UInt64)])
    func figuresAreTraefiks(
        _ average: Int, _ period: Int64, _ burst: Int, _ interval: UInt64, _ depth: UInt64, _ delay: UInt64
    ) {
        let figures = RateFigures(average: average, period: period, burst: burst)
        #expect(figures.interval == interval)
        #expect(figures.depth == depth)
        #expect(figures.longestDelay == delay)
    }

    @Test(arguments: [(Int.max, Int64(1)), (1, Int64.max), (Int.max, Int64.max), (1, 1)])
    func extremeFiguresDoNotTrap(_ average: Int, _ period: Int64) throws {
        let limiter = try limiter(average: average, period: period, burst: .max)
        for now in [0, 1, UInt64.max / 2] { #expect(limiter.take(1, now: now) == .admit) }
    }

    @Test func aBucketHoldsABurstAndFillsSteadily() throws {
        let limiter = try limiter(average: 10, burst: 3)
        for _ in 0..<3 { #expect(limiter.take(1, now: 5 * Self.second) == .admit) }
        #expect(limiter.take(1, now: 5 * Self.second) == .refuse(retryIn: 100_000_000))
        #expect(limiter.take(2, now: 5 * Self.second) == .admit)
        // Refused requests take nothing.
        #expect(limiter.take(1, now: 5 * Self.second + 100_000_000) == .admit)
        #expect(limiter.take(1, now: 5 * Self.second + 149_999_999) == .refuse(retryIn: 50_000_001))
        #expect(limiter.take(1, now: 5 * Self.second + 150_000_000) == .delay(50_000_000))
        #expect(limiter.take(1, now: 60 * Self.second) == .admit)
    }

    @Test func aLateClockIsNoTrap() throws {
        let limiter = try limiter(average: 1)
        #expect(limiter.take(1, now: 10 * Self.second) == .admit)
        #expect(limiter.take(1, now: 5 * Self.second) == .refuse(retryIn: 6 * Self.second))
    }

    @Test func theRateIsExactHoweverManyAskAtOnce() async throws {
        let limiter = try limiter(average: 1, period: 3_600_000_000_000, burst: 1000)
        let admitted = await withTaskGroup(of: Int.self) { group in
            for _ in 0..<8 {
                group.addTask { (0..<1000).count { _ in limiter.take(7, now: 1) == .admit } }
            }
            return await group.reduce(0, +)
        }
        #expect(admitted == 1000)
    }

    @Test func anEarlyRequestHearsWhenToComeBack() throws {
        var options = RateLimitOptions()
        options.average = 1
        options.period = .seconds(90)
        let middleware = try RateLimit(options)
        #expect(middleware.request(.get()) == .proceed)
        let exchange = Exchange.get()
        #expect(middleware.request(exchange) == .respond)
        #expect(exchange.response.status == 429)
        #expect(String(buffer: exchange.localBody) == "Too Many Requests")
        #expect(exchange.response.headers.string(.retryAfter) == "90")
        #expect(exchange.response.headers.string(name: "X-Retry-In")?.hasPrefix("1m29.") == true)
        #expect(middleware.fresh().request(.get()) == .proceed)
    }

    @Test(
        arguments: [
            (0, "0s"), (1, "1ns"), (1_500, "1.5µs"), (2_000_000, "2ms"), (499_900_000, "499.9ms"),
            (1_000_000_000, "1s"),
            (1_500_000_000, "1.5s"), (60_000_000_000, "1m0s"), (3_599_999_999_999, "59m59.999999999s"),
            (3_600_000_000_000, "1h0m0s"),
            (-1_500_000_000, "-1.5s"), (.min, "-2562047h47m16.854775808s"), (.max, "2562047h47m16.854775807s"),
        ] as [(Int64, String)])
    func durationsReadAsInGo(_ nanoseconds: Int64, _ text: String) {
        #expect(GoDuration.text(nanoseconds) == text)
    }

    @Test func aNegativePeriodIsRefused() {
        var options = RateLimitOptions()
        options.average = 1
        options.period = .seconds(-1)
        #expect(throws: MiddlewareError.self) { try RateLimit(options) }
    }
}
