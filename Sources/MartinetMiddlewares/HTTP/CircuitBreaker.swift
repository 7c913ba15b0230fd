package import MartinetConfig
package import MartinetCore
import MartinetHTTP
import NIOCore

/// Stops asking a service for a while when its answers get bad (Traefik's `circuitBreaker`). While it is open requests get
/// `responseCode` with the status text.
///
/// Every attempt of a retry further out counts as an answer, and so does a client that leaves before there is one: as 499, with the
/// time it waited, so that a server which hangs is noticed. A latency lasts until the end of the body.
package final class CircuitBreaker: StatefulMiddleware {
    package let phases: MiddlewarePhases = [.response, .failure, .finished]
    private let terms: Terms
    private let breaker: Breaker

    /// Throws when the expression or the status is no good.
    package convenience init(_ options: CircuitBreakerOptions) throws(MiddlewareError) { self.init(try Terms(options)) }

    private init(_ terms: Terms) {
        self.terms = terms
        breaker = Breaker(terms.condition, terms.times)
    }

    package func fresh() -> any HTTPMiddleware { CircuitBreaker(terms) }

    // MARK: Phases

    package func request(_ exchange: Exchange) -> RequestOutcome {
        // Another attempt: what is left of the one before is its latency.
        recordAnswered(exchange)
        exchange.setMark(Attempt(started: terms.measuresLatency ? Self.now : 0).mark, of: self)
        guard breaker.isStandby || breaker.admits(now: Self.now) else {
            exchange.setMark(nil, of: self)
            return exchange.respondWithStatusText(terms.responseCode)
        }
        return .proceed
    }

    package func failure(_ exchange: Exchange, _ error: UpstreamError) -> FailureOutcome {
        let now = Self.now
        let started = terms.measuresLatency ? exchange.mark(of: self).map { Attempt(mark: $0).started } ?? now : now
        breaker.record(error.status, latency: now &- min(now, started), now: now)
        exchange.setMark(Attempt.counted, of: self)
        return .pass
    }

    package func response(_ exchange: Exchange) -> ResponseOutcome {
        let mark = exchange.mark(of: self)
        // The answer that was made of a failure which is counted already.
        guard let mark, mark != Attempt.counted else { return .proceed }
        if terms.measuresLatency {
            var attempt = Attempt(mark: mark)
            attempt.status = exchange.response.status
            exchange.setMark(attempt.mark, of: self)
        } else {
            breaker.record(exchange.response.status, latency: 0, now: Self.now)
            exchange.setMark(Attempt.counted, of: self)
        }
        return .proceed
    }

    package func finished(_ exchange: Exchange) { recordAnswered(exchange, otherwise: Self.clientLeft) }

    /// Counts the attempt that is over: under the status of its answer, and if it has none as `status`, or not at all.
    private func recordAnswered(_ exchange: Exchange, otherwise status: UInt16? = nil) {
        guard let mark = exchange.mark(of: self), mark != Attempt.counted else { return }
        exchange.setMark(nil, of: self)
        let attempt = Attempt(mark: mark)
        guard let status = attempt.status > 0 ? attempt.status : status else { return }
        let now = Self.now
        breaker.record(status, latency: now &- min(now, attempt.started), now: now)
    }

    /// What Traefik's log says of a request that nobody waits for any more.
    private static let clientLeft: UInt16 = 499

    private static var now: UInt64 { NIODeadline.now().uptimeNanoseconds }

    /// What the options say: the same for every router.
    private struct Terms {
        let condition: Condition<BreakerVocabulary>
        var times = Breaker.Times()
        let responseCode: UInt16
        let measuresLatency: Bool

        init(_ options: CircuitBreakerOptions) throws(MiddlewareError) {
            do {
                condition = try Condition(options.expression)
            } catch {
                throw MiddlewareError(
                    "circuitBreaker.expression: \(error)", remedy: "write for example NetworkErrorRatio() > 0.5")
            }
            guard (200...999).contains(options.responseCode) else {
                throw MiddlewareError(
                    "circuitBreaker.responseCode: \(options.responseCode) is no status", remedy: "give one such as 503")
            }
            responseCode = UInt16(options.responseCode)
            measuresLatency = condition.figures.contains { if case .latency = $0 { true } else { false } }
            if options.checkPeriod.nanoseconds > 0 { times.checkPeriod = UInt64(options.checkPeriod.nanoseconds) }
            if options.fallbackDuration.nanoseconds > 0 {
                times.fallback = UInt64(options.fallbackDuration.nanoseconds)
            }
            if options.recoveryDuration.nanoseconds > 0 {
                times.recovery = UInt64(options.recoveryDuration.nanoseconds)
            }
        }
    }

    /// One attempt as a number that the exchange remembers: status in the upper 16 bits, start in microseconds in the others.
    private struct Attempt {
        /// Instead of an attempt: it is counted already.
        static let counted = UInt64.max

        /// Uptime in nanoseconds.
        var started: UInt64
        /// 0 until the answer has come.
        var status: UInt16 = 0

        init(started: UInt64) { self.started = started }

        init(mark: UInt64) {
            status = UInt16(truncatingIfNeeded: mark >> 48)
            started = (mark & (1 << 48 - 1)) &* 1000
        }

        var mark: UInt64 { UInt64(status) << 48 | started / 1000 & (1 << 48 - 1) }
    }
}
