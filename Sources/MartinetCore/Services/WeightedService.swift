/// A service that spreads requests over other services, by weight, each in its turn.
package final class WeightedService: HTTPService {
    /// A service and its share of the requests.
    package struct Member: Sendable {
        package let service: any HTTPService
        package let weight: Int

        package init(service: any HTTPService, weight: Int) {
            self.service = service
            self.weight = weight
        }
    }

    package let name: String
    /// Those that get requests, in the order configured.
    package let services: [any HTTPService]
    private let schedule: RoundRobinSchedule

    /// - Parameter members: those of weight zero or less are left out. They must not lead back to this service: the compiler
    ///   sees to that.
    package init(name: String, members: [Member]) {
        self.name = name
        let serving = members.filter { $0.weight > 0 }
        services = serving.map(\.service)
        schedule = RoundRobinSchedule(weights: serving.map(\.weight))
    }

    /// Hands the request to the service whose turn it is; without any the answer is 503 in plain text.
    package func serve(_ exchange: Exchange) -> ServiceOutcome {
        guard let index = schedule.next() else {
            _ = exchange.respondWithPlainText(503, "no available server")
            return .respond
        }
        exchange.serviceName = services[index].name
        return services[index].serve(exchange)
    }
}
