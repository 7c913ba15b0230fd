import MartinetConfig
import MartinetCore
import MartinetHTTP
import Testing

@testable import MartinetMiddlewares

@Suite struct CircuitBreakerTests {
    private static let second: UInt64 = 1_000_000_000

    // MARK: Language

    @Test(arguments: [
        "NetworkErrorRatio() > 0.5", "NetworkErrorRatio()>=.5", "ResponseCodeRatio(500, 600, 0, 600) > 0.25",
        "LatencyAtQuantileMS(50.0) > 100",
        "(NetworkErrorRatio() > 0.3 && LatencyAtQuantileMS(99.9) < 10) || NetworkErrorRatio() == 1.0",
        "((NetworkErrorRatio() != 1e-3))", "ResponseCodeRatio(500, 600, 0, 600,) > 0.25",
        "NetworkErrorRatio() > 0.5 // half", "/* a\nb */NetworkErrorRatio()/**/> // c\n0.5",
    ])
    func conditionsAreRead(_ text: String) throws {
        #expect(try !Condition<BreakerVocabulary>(text).figures.isEmpty)
    }

    @Test(arguments: [
        ("", "the expression is empty"), ("NetworkErrorRatio() >", "unexpected the end at character 22"),
        ("NetworkErrorRatio() > 1", "\">\" expects a number with a decimal point to its right at character 21"),
        ("0.5 < NetworkErrorRatio()", "\"<\" cannot compare what is to its left at character 5"),
        ("NetworkErrorRatio()", "a comparison is expected, this is a number with a decimal point at character 1"),
        ("NetworkErrorRatio > 0.5", "NetworkErrorRatio is not defined, functions are called with () at character 1"),
        (
            "LatencyAtQuantileMS(50) > 1",
            "LatencyAtQuantileMS takes a number with a decimal point, such as 50.0 at character 1"
        ),
        ("ResponseCodeRatio(1, 2) > 0.5", "ResponseCodeRatio takes four arguments, not 2 at character 1"),
        ("!NetworkErrorRatio() > 0.5", "\"!\" is not supported at character 1"),
        ("(NetworkErrorRatio() > 0.5", "\")\" is expected, not the end at character 27"),
        ("NetworkErrorRatio() > 0.5 0", "unexpected a literal at character 27"),
        ("NetworkErrorRatio() > 0x1", "\"0x1\" is no number at character 23"),
        ("NetworkErrorRatio() > \"a", "a string has no end at character 23"),
        ("NetworkErrorRatio() > 0.5 && true", "true is not defined, functions are called with () at character 30"),
        ("NetworkErrorRatio() > 0.5 /* x", "unexpected character \"/\" at character 27"),
        ("// x", "the expression is empty"), ("NetworkErrorRatio() § 1", "unexpected character \"§\" at character 21"),
    ])
    func brokenConditionsNameThePlace(_ text: String, _ expected: String) {
        #expect(throws: ConditionError.self) { try Condition<BreakerVocabulary>(text) }
        do {
            _ = try Condition<BreakerVocabulary>(text)
        } catch {
            #expect(error.description == expected)
        }
    }

    @Test func deepNestingIsRefused() {
        let text = String(repeating: "(", count: 10_000) + "NetworkErrorRatio() > 0.5"
        #expect(throws: ConditionError.self) { try Condition<BreakerVocabulary>(text) }
    }

    @Test func anUnknownFunctionIsToldWhichThereAre() {
        do {
            _ = try Condition<BreakerVocabulary>("Foo() > 1")
        } catch {
            #expect(error.reason.hasPrefix("unsupported function: Foo; there are NetworkErrorRatio()"))
        }
    }

    @Test(arguments: [
        ("NetworkErrorRatio() > 0.5 && LatencyAtQuantileMS(50.0) > 10", true),
        ("NetworkErrorRatio() > 0.6 || LatencyAtQuantileMS(50.0) < 20", false),
        ("NetworkErrorRatio() >= 0.6 && LatencyAtQuantileMS(50.0) == 20", true), ("NetworkErrorRatio() != 0.6", false),
        ("NetworkErrorRatio() < 0.7 && LatencyAtQuantileMS(50.0) <= 20", true),
        ("LatencyAtQuantileMS(50.0) > 100 && NetworkErrorRatio() > 0.1 || NetworkErrorRatio() > 0.1", true),
    ])
    func conditionsHoldOrDoNot(_ text: String, _ holds: Bool) throws {
        let condition = try Condition<BreakerVocabulary>(text)
        #expect(condition.holds { if case .latency = $0 { .integer(20) } else { .number(0.6) } } == holds)
    }

    // MARK: Figures

    @Test func countsOfTenSecondsAgoAreGone() {
        let counters = RollingCounters(2)
        for second in 0..<10 as Range<UInt64> { counters.add(1, second: second) }
        counters.add(1, second: 9)
        #expect(counters.total(1, second: 9) == 11)
        #expect(counters.total(0, second: 9) == 0)
        #expect(counters.total(1, second: 14) == 6)
        counters.add(1, second: 15)
        #expect(counters.total(1, second: 15) == 6)
        #expect(counters.total(1, second: 1000) == 0)
        counters.reset()
        #expect(counters.total(1, second: 9) == 0)
    }

    @Test func quantilesHaveTwoDigits() {
        let histogram = LatencyHistogram()
        for milliseconds in 1...100 as ClosedRange<UInt64> { histogram.add(milliseconds * 1_000_000, now: Self.second) }
        #expect(histogram.value(at: 50, now: Self.second) / 1000 == 50)
        #expect(histogram.value(at: 99, now: Self.second) / 1000 == 99)
        #expect(histogram.value(at: 100, now: Self.second) / 1000 == 100)
        #expect(histogram.value(at: 100, now: 100 * Self.second) == 0)
        histogram.add(.max, now: Self.second)
        histogram.add(3_600 * Self.second, now: Self.second)
        #expect(histogram.value(at: 100, now: Self.second) >= 3_600_000_000)
        histogram.reset()
        #expect(histogram.value(at: 50, now: Self.second) == 0)
    }

    @Test func ratiosAreOfStatuses() {
        let ratio = BreakerVocabulary.CodeRatio(part: 500..<600, whole: 200..<600)
        let metrics = BreakerMetrics(for: [.networkErrorRatio, .responseCodeRatio(ratio)])
        for status in [200, 404, 500, 502, 101] as [UInt16] { metrics.record(status, latency: 0, now: 0) }
        #expect(metrics.value(of: .networkErrorRatio, now: 0) == .number(0.2))
        #expect(metrics.value(of: .responseCodeRatio(ratio), now: 0) == .number(0.5))
        metrics.reset()
        #expect(metrics.value(of: .responseCodeRatio(ratio), now: 0) == .number(0))
    }

    // MARK: States

    private func breaker(_ text: String = "NetworkErrorRatio() > 0.5") throws -> Breaker {
        Breaker(try Condition(text), Breaker.Times())
    }

    @Test func itOpensRecoversAndCloses() throws {
        let breaker = try breaker()
        #expect(breaker.isStandby)
        breaker.record(502, latency: 0, now: Self.second)
        #expect(!breaker.isStandby)
        #expect(!breaker.admits(now: 2 * Self.second))
        #expect(!breaker.admits(now: 11 * Self.second - 1))
        // The first request of a recovery would be all of them.
        #expect(!breaker.admits(now: 11 * Self.second))
        var admitted = 0
        for step in 1...1000 as ClosedRange<UInt64> where breaker.admits(now: 11 * Self.second + step * 9_900_000) {
            admitted += 1
        }
        #expect((470...500).contains(admitted), "in the end as many have passed as were held off: \(admitted)")
        #expect(breaker.admits(now: 22 * Self.second))
        #expect(breaker.isStandby)
    }

    @Test func itOpensAgainWhileItRecovers() throws {
        let breaker = try breaker()
        breaker.record(502, latency: 0, now: Self.second)
        _ = breaker.admits(now: 12 * Self.second)
        breaker.record(502, latency: 0, now: 13 * Self.second)
        #expect(!breaker.admits(now: 22 * Self.second))
        #expect(!breaker.isStandby)
    }

    @Test func theConditionIsLookedAtOnceAPeriod() throws {
        let breaker = try breaker("NetworkErrorRatio() > 0.9")
        breaker.record(200, latency: 0, now: 20 * Self.second)
        for _ in 0..<99 { breaker.record(502, latency: 0, now: 20 * Self.second + 99_999_999) }
        #expect(breaker.isStandby)
        breaker.record(502, latency: 0, now: 20 * Self.second + 100_000_000)
        #expect(!breaker.isStandby)
    }

    // MARK: Middleware

    /// A request that is let through and answered with that status.
    private func answer(_ status: UInt16, through middleware: CircuitBreaker) {
        let exchange = Exchange.get()
        #expect(middleware.request(exchange) == .proceed)
        exchange.response.status = status
        _ = middleware.response(exchange)
    }

    @Test func anOpenBreakerAnswersItself() throws {
        var options = CircuitBreakerOptions()
        options.expression = "ResponseCodeRatio(500, 600, 0, 600) > 0.5"
        options.responseCode = 429
        let middleware = try CircuitBreaker(options)
        answer(500, through: middleware)
        let next = Exchange.get()
        #expect(middleware.request(next) == .respond)
        #expect(next.response.status == 429)
        #expect(middleware.fresh().request(.get()) == .proceed)
    }

    @Test func aFailureCountsOnce() throws {
        var options = CircuitBreakerOptions()
        options.expression = "NetworkErrorRatio() > 0.6"
        options.checkPeriod = .seconds(3600)
        let middleware = try CircuitBreaker(options)
        answer(200, through: middleware)
        let bad = Exchange.get()
        #expect(middleware.request(bad) == .proceed)
        _ = middleware.failure(bad, UpstreamError(stage: .connect, reason: .refused, peer: "a:1"))
        bad.response.status = 502
        _ = middleware.response(bad)
        #expect(middleware.request(.get()) == .proceed)
    }

    @Test(arguments: ["ResponseCodeRatio(499, 500, 0, 600) > 0.5", "LatencyAtQuantileMS(50.0) >= 0"])
    func aClientThatLeavesCounts(_ expression: String) throws {
        var options = CircuitBreakerOptions()
        options.expression = expression
        let middleware = try CircuitBreaker(options)
        let left = Exchange.get()
        #expect(middleware.request(left) == .proceed)
        middleware.finished(left)
        #expect(middleware.request(.get()) == .respond)
    }

    @Test func anAnswerCountsOnceHoweverTheExchangeEnds() throws {
        var options = CircuitBreakerOptions()
        options.expression = "ResponseCodeRatio(499, 500, 0, 600) > 0.0"
        options.checkPeriod = .milliseconds(1)
        let middleware = try CircuitBreaker(options)
        let exchange = Exchange.get()
        #expect(middleware.request(exchange) == .proceed)
        exchange.response.status = 200
        _ = middleware.response(exchange)
        middleware.finished(exchange)
        #expect(middleware.request(.get()) == .proceed)
    }

    @Test(arguments: [0, 101, 1000, -1]) func aStatusThatIsNoneIsRefused(_ status: Int) {
        var options = CircuitBreakerOptions()
        options.expression = "NetworkErrorRatio() > 0.5"
        options.responseCode = status
        #expect(throws: MiddlewareError.self) { try CircuitBreaker(options) }
    }
}
