package import MartinetConfig
package import MartinetCore
import MartinetHTTP
import NIOCore

/// Sends a request again that reached no server, or that was answered badly (Traefik's `retry`).
///
/// A network error is a reason only as long as no server can have seen the request, that is before there is a connection: whoever
/// has read it may have acted on it. A status is one wherever it comes from, a server, the proxy or a middleware further in, but
/// only for methods that may be repeated.
package final class Retry: HTTPMiddleware {
    package let phases: MiddlewarePhases
    private let attempts: Int
    private let pauses: RetryPauses
    /// Nanoseconds from the first try on after whose end none begins; 0 for no bound.
    private let timeout: UInt64
    private let bodyLimit: Int?
    private let statuses: [ClosedRange<UInt16>]
    private let networkErrors: Bool
    private let nonIdempotent: Bool

    private final class Attempts {
        /// Tries so far.
        var made = 1
        /// When the first began, if anybody asks.
        let started: NIODeadline

        init(started: NIODeadline) { self.started = started }
    }

    /// Throws when `attempts` is below 1, a status range is broken, or nothing would ever be a reason to try again.
    package init(_ options: RetryOptions) throws(MiddlewareError) {
        guard !options.status.isEmpty || !options.disableRetryOnNetworkError else {
            throw MiddlewareError(
                "retry: disableRetryOnNetworkError without status leaves nothing to try again for",
                remedy: "list statuses, or remove disableRetryOnNetworkError")
        }
        guard options.attempts > 0 else {
            throw MiddlewareError(
                "retry.attempts is \(options.attempts)", remedy: "give the number of tries in all, 1 or more")
        }
        attempts = options.attempts
        pauses = RetryPauses(initial: options.initialInterval?.nanoseconds ?? 0, attempts: options.attempts)
        timeout = UInt64(max(0, options.timeout?.nanoseconds ?? 0))
        let limit = options.maxRequestBodyBytes ?? RetryOptions.defaultMaxRequestBodyBytes
        bodyLimit = limit < 0 ? nil : limit
        statuses = try StatusRanges.parse(options.status, option: "retry.status")
        networkErrors = !options.disableRetryOnNetworkError
        nonIdempotent = options.retryNonIdempotentMethod
        phases = statuses.isEmpty ? [.failure, .retry] : [.failure, .response, .retry]
    }

    package func request(_ exchange: Exchange) -> RequestOutcome {
        let started = timeout > 0 ? NIODeadline.now() : .distantPast
        exchange.setState(Attempts(started: started), of: self)
        // What no server has seen needs no keeping. A failover further out may want to keep more.
        if !statuses.isEmpty, mayRepeat(exchange), let kept = exchange.replayLimit {
            exchange.replayLimit = bodyLimit.map { max($0, kept) }
        }
        return .proceed
    }

    package func response(_ exchange: Exchange) -> ResponseOutcome {
        guard isBad(exchange.response.status, exchange), let delay = nextDelay(exchange) else { return .proceed }
        return .retry(after: delay)
    }

    package func failure(_ exchange: Exchange, _ error: UpstreamError) -> FailureOutcome {
        guard error.stage != .body, error.reason != .clientGone,
            networkErrors && error.stage == .connect || isBad(error.status, exchange),
            let delay = nextDelay(exchange)
        else { return .pass }
        return .retry(after: delay)
    }

    /// Whether the request may be sent again because it would be answered so.
    private func isBad(_ status: UInt16, _ exchange: Exchange) -> Bool {
        statuses.contains { $0.contains(status) } && mayRepeat(exchange)
    }

    /// How long to wait before the next try; nil when there is none.
    private func nextDelay(_ exchange: Exchange) -> TimeAmount? {
        guard let state = exchange.state(of: self, as: Attempts.self), state.made < attempts else { return nil }
        guard exchange.request.framing.isEmpty || exchange.canReplay else { return nil }
        if timeout > 0 {
            let spent = NIODeadline.now().uptimeNanoseconds &- state.started.uptimeNanoseconds
            guard spent < timeout else { return nil }
        }
        state.made += 1
        return pauses.pause(before: state.made, chance: .random(in: 0..<1))
    }

    /// Whether a server may be asked twice for the same.
    private func mayRepeat(_ exchange: Exchange) -> Bool {
        if nonIdempotent { return true }
        switch exchange.request.method {
        case .post, .patch: return false
        case .get, .head, .put, .delete, .options, .trace, .connect: return true
        case .other: return exchange.request.methodString != "LOCK"
        }
    }
}
