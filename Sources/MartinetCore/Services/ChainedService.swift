/// A service with middlewares of its own, as part of another service. (Those of a router's service are laid out with the router's.)
package final class ChainedService: HTTPService {
    package let chain: [any HTTPMiddleware]
    package let service: any HTTPService

    package init(chain: [any HTTPMiddleware], service: any HTTPService) {
        self.chain = chain
        self.service = service
    }

    package var name: String { service.name }
    package var isUp: Bool { service.isUp }
    package var reportsStatus: Bool { service.reportsStatus }

    package func serve(_ exchange: Exchange) -> ServiceOutcome { .enter(self) }
}
