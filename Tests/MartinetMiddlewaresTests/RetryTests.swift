import MartinetConfig
import MartinetCore
import MartinetHTTP
import MartinetMiddlewares
import NIOCore
import Testing

@Suite struct RetryTests {
    /// In milliseconds, for a first pause of 100.
    @Test(arguments: [
        (attempts: 3, attempt: 2, chance: 0.5, pause: Int64(100)), (attempts: 3, attempt: 3, chance: 0.5, pause: 141),
        (attempts: 2, attempt: 2, chance: 0.5, pause: 100), (attempts: 20, attempt: 20, chance: 0.5, pause: 192),
        (attempts: 3, attempt: 2, chance: 0, pause: 50), (attempts: 3, attempt: 2, chance: 1, pause: 150),
    ]) func pausesGrowEvenlyAndVary(attempts: Int, attempt: Int, chance: Double, pause: Int64) {
        let pauses = RetryPauses(initial: 100_000_000, attempts: attempts)
        #expect(pauses.pause(before: attempt, chance: chance).nanoseconds / 1_000_000 == pause)
    }

    @Test(arguments: [Int64.min, -1, 0]) func withoutAnIntervalThereAreNoPauses(_ initial: Int64) {
        #expect(RetryPauses(initial: initial, attempts: 3).pause(before: 3, chance: 0.5) == .zero)
    }

    @Test func noPauseIsLongerThanAnHour() {
        let pauses = RetryPauses(initial: .max, attempts: 2)
        #expect(pauses.pause(before: 2, chance: 0.5) == .hours(1))
    }

    private func outcome(
        _ error: UpstreamError, method: HTTPMethod = .get, _ change: (inout RetryOptions) -> Void = { _ in }
    ) throws -> FailureOutcome {
        var options = RetryOptions()
        options.attempts = 3
        change(&options)
        let retry = try Retry(options)
        let exchange = Exchange.get()
        exchange.request.method = method
        _ = retry.request(exchange)
        return retry.failure(exchange, error)
    }

    private static let again = FailureOutcome.retry(after: .zero)

    @Test(arguments: [HTTPMethod.get, .post, .patch]) func whatNoServerSawIsSentAgain(_ method: HTTPMethod) throws {
        #expect(try outcome(UpstreamError(stage: .connect, reason: .refused, peer: ""), method: method) == Self.again)
    }

    @Test(arguments: [UpstreamError.Reason.headerTimeout, .reset, .closed, .malformed, .http2])
    func whatAServerMayHaveSeenIsNot(_ reason: UpstreamError.Reason) throws {
        #expect(try outcome(UpstreamError(stage: .exchange, reason: reason, peer: "")) == .pass)
    }

    @Test(arguments: [(HTTPMethod.get, again), (.put, again), (.post, FailureOutcome.pass)])
    func butIsIfItsStatusIsListed(_ method: HTTPMethod, _ expected: FailureOutcome) throws {
        let error = UpstreamError(stage: .exchange, reason: .headerTimeout, peer: "")
        let outcome = try outcome(error, method: method) { options in
            options.status = ["504"]
            options.disableRetryOnNetworkError = true
        }
        #expect(outcome == expected)
    }

    @Test func aClientThatLeftIsNoReason() throws {
        let error = UpstreamError(stage: .exchange, reason: .clientGone, peer: "")
        #expect(try outcome(error) { $0.status = ["400-599"] } == .pass)
    }

    @Test func bodiesAreKeptOnlyForMethodsThatMayBeRepeated() throws {
        var options = RetryOptions()
        options.attempts = 3
        for (statuses, method, kept) in [
            ([], HTTPMethod.put, 0), (["503"], .put, RetryOptions.defaultMaxRequestBodyBytes), (["503"], .post, 0),
        ] {
            options.status = statuses
            let exchange = Exchange.get()
            exchange.request.method = method
            _ = try Retry(options).request(exchange)
            #expect(exchange.replayLimit == kept)
        }
    }
}
