import MartinetHTTP

/// A service that spreads requests over other services: `weighted` with round robin, `highestRandomWeight` with rendezvous hashing.
package final class ServiceBalancer: HTTPService, PassageOwner {
    /// A service and its share of the requests.
    package struct Member: Sendable {
        /// As the configuration spells it: what cookies and hashes are made of.
        package let name: String
        package let service: any HTTPService
        package let weight: Int

        package init(name: String, service: any HTTPService, weight: Int = 1) {
            self.name = name
            self.service = service
            self.weight = weight
        }
    }

    package let name: String
    package let services: [any HTTPService]
    package let reportsStatus: Bool
    private let candidates: [Candidate]
    private let strategy: any BalancingStrategy
    private let sticky: StickyCookie?

    /// - Parameters:
    ///   - members: they must not lead back to this service: the compiler sees to that.
    ///   - sticky: values are the places of `members`.
    ///   - hearsStatus: Traefik's `healthCheck: {}`: whether members that are down get nothing, and whoever uses this service hears
    ///     when all are.
    package init(
        name: String, members: [Member], sticky: StickyCookie? = nil, hearsStatus: Bool = false,
        strategy: ([Candidate]) -> any BalancingStrategy = { RoundRobinStrategy(candidates: $0) }
    ) {
        self.name = name
        self.sticky = sticky
        reportsStatus = hearsStatus
        services = members.map(\.service)
        candidates = members.map {
            Candidate(name: $0.name, weight: $0.weight, statusOf: hearsStatus ? $0.service : nil)
        }
        self.strategy = strategy(candidates)
    }

    package var isUp: Bool { candidates.contains { $0.weight > 0 && $0.isUp } }

    /// Hands the request to the service that the client's cookie names, or else to the one whose turn it is; without any the answer is
    /// 503 in plain text.
    package func serve(_ exchange: Exchange) -> ServiceOutcome {
        if let sticky, let kept = sticky.choice(of: exchange.request.headers), candidates[kept.place].isUp {
            return pass(exchange, to: kept.place, setsCookie: kept.isOutdated)
        }
        guard let picked = strategy.pick(client: exchange.connection.peerText) else {
            _ = exchange.respondWithPlainText(503, "no available server")
            return .respond
        }
        return pass(exchange, to: picked, setsCookie: sticky != nil)
    }

    private func pass(_ exchange: Exchange, to choice: Int, setsCookie: Bool) -> ServiceOutcome {
        if setsCookie {
            var passage = ServicePassage(owner: self)
            passage.choice = choice
            passage.setsCookie = true
            exchange.begin(passage)
        }
        return services[choice].take(exchange)
    }

    package func answered(_ exchange: Exchange, _ passage: ServicePassage) -> PassageVerdict {
        sticky?.set(passage.choice, in: &exchange.response.headers)
        return .proceed
    }
}
