package import MartinetConfig

/// Whether an object of the routing configuration is in use (Traefik's words in the API).
package enum ObjectStatus: String, Sendable {
    case enabled, disabled, warning
}

/// The routing configuration as it is in force, with the state and the problems of each object: what the API shows.
/// All keys are `name@provider`.
package struct RuntimeConfiguration: Sendable {
    package struct Router: Sendable, Equatable {
        package var options: HTTPRouterOptions
        package var status: ObjectStatus = .enabled
        package var errors: [String] = []
        /// Entry points it is built on.
        package var using: [String] = []

        package init(options: HTTPRouterOptions) { self.options = options }
    }

    package struct Service: Sendable, Equatable {
        /// Shared with the provider's configuration unless a name in it had to be qualified.
        package var options: Boxed<HTTPServiceOptions>
        package var status: ObjectStatus = .enabled
        package var errors: [String] = []
        /// Routers that use it.
        package var usedBy: [String] = []
        /// Knows which servers are up; nil for services without servers, and for those that could not be built.
        package var balancer: LoadBalancer?

        /// `UP` or `DOWN` by server URL, as of now; empty for services without servers.
        package var serverStatus: [String: String] { balancer?.serverStatus.mapValues { $0 ? "UP" : "DOWN" } ?? [:] }

        package init(options: Boxed<HTTPServiceOptions>) { self.options = options }

        package static func == (a: Self, b: Self) -> Bool {
            a.options == b.options && a.status == b.status && a.errors == b.errors && a.usedBy == b.usedBy
                && a.balancer === b.balancer
        }
    }

    package struct Middleware: Sendable, Equatable {
        package var options: Boxed<MiddlewareOptions>
        package var status: ObjectStatus = .enabled
        package var errors: [String] = []
        package var usedBy: [String] = []

        package init(options: Boxed<MiddlewareOptions>) { self.options = options }
    }

    package var routers: [String: Boxed<Router>] = [:]
    package var services: [String: Boxed<Service>] = [:]
    package var middlewares: [String: Boxed<Middleware>] = [:]

    package init() {}
}
