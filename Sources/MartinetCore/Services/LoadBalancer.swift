/// A service that spreads requests over servers, by weight, each in its turn.
package final class LoadBalancer: HTTPService {
    /// A server and its share of the requests.
    package struct Member: Sendable {
        package let server: UpstreamServer
        package let weight: Int

        package init(server: UpstreamServer, weight: Int) {
            self.server = server
            self.weight = weight
        }
    }

    package let name: String
    /// Those that get requests, in the order configured.
    package let servers: [UpstreamServer]
    private let schedule: RoundRobinSchedule

    /// - Parameter members: those of weight zero or less are left out.
    package init(name: String, members: [Member]) {
        self.name = name
        let serving = members.filter { $0.weight > 0 }
        servers = serving.map(\.server)
        schedule = RoundRobinSchedule(weights: serving.map(\.weight))
    }

    /// Forwards to the server whose turn it is; without servers the answer is 503 in plain text, as Traefik gives it, and 508 for
    /// a request that goes round in circles.
    package func serve(_ exchange: Exchange) -> ServiceOutcome {
        guard let index = schedule.next() else {
            _ = exchange.respondWithPlainText(503, "no available server")
            return .respond
        }
        let server = servers[index]
        guard !exchange.loops(through: server) else {
            _ = exchange.respondWithStatusText(508)
            return .respond
        }
        return .forward(server)
    }
}
