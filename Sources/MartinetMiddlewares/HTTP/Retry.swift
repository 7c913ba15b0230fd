package import MartinetConfig
package import MartinetCore
import MartinetHTTP
import NIOCore

/// Sends a request again that no server answered, or that one answered badly (Traefik's `retry`).
package final class Retry: HTTPMiddleware {
    package let phases: MiddlewarePhases
    private let attempts: Int
    private let initialInterval: Int64
    private let timeout: UInt64
    private let bodyLimit: Int?
    private let statuses: [ClosedRange<UInt16>]
    private let networkErrors: Bool
    private let nonIdempotent: Bool

    private final class Attempts {
        /// Tries so far.
        var made = 1
    }

    /// Throws when `attempts` is below 1 or a status range is broken.
    package init(_ options: RetryOptions) throws(MiddlewareError) {
        guard options.attempts > 0 else {
            throw MiddlewareError(
                "retry.attempts is \(options.attempts)", remedy: "give the number of tries in all, 1 or more")
        }
        attempts = options.attempts
        initialInterval = max(0, options.initialInterval.nanoseconds)
        timeout = UInt64(max(0, options.timeout.nanoseconds))
        let limit = options.maxRequestBodyBytes ?? 2 << 20
        bodyLimit = limit < 0 ? nil : limit
        statuses = try StatusRanges.parse(options.status, option: "retry.status")
        networkErrors = !options.disableRetryOnNetworkError
        nonIdempotent = options.retryNonIdempotentMethod
        phases = statuses.isEmpty ? [.failure, .retry] : [.failure, .response, .retry]
    }

    package func request(_ exchange: Exchange) -> RequestOutcome {
        exchange.setState(Attempts(), of: self)
        // A failover further out may want to keep more.
        if let kept = exchange.replayLimit { exchange.replayLimit = bodyLimit.map { max($0, kept) } }
        return .proceed
    }

    package func response(_ exchange: Exchange) -> ResponseOutcome {
        guard !exchange.isLocalResponse, statuses.contains(where: { $0.contains(exchange.response.status) }),
            let delay = nextDelay(exchange)
        else { return .proceed }
        return .retry(after: delay)
    }

    package func failure(_ exchange: Exchange, _ error: UpstreamError) -> FailureOutcome {
        guard networkErrors, error.stage == .connect || error.stage == .exchange, error.reason != .clientGone,
            error.reason != .http2,
            let delay = nextDelay(exchange)
        else { return .pass }
        return .retry(after: delay)
    }

    /// How long to wait before the next try; nil when there is none.
    private func nextDelay(_ exchange: Exchange) -> TimeAmount? {
        guard let state = exchange.state(of: self, as: Attempts.self), state.made < attempts, mayRepeat(exchange) else {
            return nil
        }
        // Doubles with each try, from half the initial interval.
        let exponent = min(state.made - 1, 20)
        let delay = min(initialInterval << Int64(exponent), max(initialInterval &* 2, initialInterval))
        if timeout > 0 {
            let spent = NIODeadline.now().uptimeNanoseconds &- exchange.started.uptimeNanoseconds
            guard spent &+ UInt64(delay) < timeout else { return nil }
        }
        state.made += 1
        return .nanoseconds(delay)
    }

    private func mayRepeat(_ exchange: Exchange) -> Bool {
        let hasBody = !exchange.request.framing.isEmpty
        guard !hasBody || exchange.canReplay else { return false }
        if nonIdempotent { return true }
        switch exchange.request.method {
        case .post, .patch, .connect: return false
        case .get, .head, .put, .delete, .options, .trace: return true
        case .other: return exchange.request.methodString != "LOCK"
        }
    }
}
