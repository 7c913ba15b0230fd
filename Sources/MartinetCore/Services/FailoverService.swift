import MartinetHTTP

/// A service with another that stands in when it is down, or when it answers with one of certain statuses.
package final class FailoverService: HTTPService, PassageOwner {
    /// Traefik's `errors`.
    package struct Errors: Sendable {
        /// Answers that send a request to the fallback.
        package var statuses: StatusSet
        /// Greatest request body in bytes; a longer one is refused with 413. Nil: none is refused, and bodies of more than
        /// ``FailoverService/mostReplayed`` bytes are not sent a second time.
        package var maxRequestBody: Int?

        package init(statuses: StatusSet, maxRequestBody: Int? = nil) {
            self.statuses = statuses
            self.maxRequestBody = maxRequestBody
        }
    }

    /// Bytes of a body that are kept for the second try when the configuration sets no bound.
    package static let mostReplayed = 64 << 20

    package let name: String
    package let main: any HTTPService
    package let fallback: any HTTPService
    /// Traefik's `healthCheck: {}`: the fallback is left out when it is down, and whoever uses this service hears when both are.
    package let reportsStatus: Bool
    private let errors: Errors?

    package init(
        name: String, main: any HTTPService, fallback: any HTTPService, reportsStatus: Bool = false,
        errors: Errors? = nil
    ) {
        self.name = name
        self.main = main
        self.fallback = fallback
        self.reportsStatus = reportsStatus
        self.errors = errors
    }

    package var isUp: Bool { usesMain || usesFallback }
    private var usesMain: Bool { !main.reportsStatus || main.isUp }
    private var usesFallback: Bool { !reportsStatus || fallback.isUp }

    /// What has to stand before the service in its chain: with a bound on bodies they are read whole before anything is sent.
    package var middlewares: [any HTTPMiddleware] { errors?.maxRequestBody == nil ? [] : [BodyKeeper(self)] }

    package func serve(_ exchange: Exchange) -> ServiceOutcome {
        guard usesMain else { return serveFallback(exchange) }
        if errors != nil {
            var passage = ServicePassage(owner: self)
            passage.copy = RequestCopy(head: exchange.request.copy())
            exchange.begin(passage)
            if exchange.bufferedBody == nil, let kept = exchange.replayLimit {
                exchange.replayLimit = max(kept, Self.mostReplayed)
            }
        }
        return main.take(exchange)
    }

    private func serveFallback(_ exchange: Exchange) -> ServiceOutcome {
        guard usesFallback else {
            _ = exchange.respondWithPlainText(503, "Service Unavailable")
            return .respond
        }
        return fallback.take(exchange)
    }

    // MARK: Passages

    package func answered(_ exchange: Exchange, _ passage: ServicePassage) -> PassageVerdict {
        verdict(on: exchange.response.status, exchange)
    }

    package func failed(_ exchange: Exchange, _ passage: ServicePassage, _ error: UpstreamError) -> PassageVerdict {
        verdict(on: error.status, exchange)
    }

    private func verdict(on status: UInt16, _ exchange: Exchange) -> PassageVerdict {
        guard let errors, errors.statuses.contains(status), exchange.bufferedBody != nil || exchange.canReplay else {
            return .proceed
        }
        return .divert(LocalService(name: fallback.name) { self.serveFallback($0) })
    }

    /// Reads bodies whole, as long as the main service is asked at all.
    private final class BodyKeeper: HTTPMiddleware {
        private let service: FailoverService

        init(_ service: FailoverService) { self.service = service }

        func request(_ exchange: Exchange) -> RequestOutcome {
            guard exchange.request.framing != .none, service.usesMain else { return .proceed }
            return .bufferBody(limit: service.errors?.maxRequestBody)
        }

        func requestBody(_ exchange: Exchange) -> RequestOutcome { .proceed }

        func requestBodyTooLarge(_ exchange: Exchange) -> RequestOutcome {
            exchange.respondWithPlainText(413, "Request body too large")
        }
    }
}
