/// What stands at the end of a router's chain: a balancer over servers, a composition of services, or an answer of our own.
///
/// Built once per configuration, shared by all event loops, called on the loop of each request.
package protocol HTTPService: AnyObject, Sendable {
    /// `name@provider`.
    var name: String { get }
    /// Decides what becomes of the request.
    func serve(_ exchange: Exchange) -> ServiceOutcome
    /// Whether it can serve; a service made of others asks them. Any thread.
    var isUp: Bool { get }
    /// Whether ``isUp`` means anything: health checks tell it, on every level between the servers and the one that asks.
    var reportsStatus: Bool { get }
}

extension HTTPService {
    package var isUp: Bool { true }
    package var reportsStatus: Bool { false }

    /// Serves as part of another service.
    package func take(_ exchange: Exchange) -> ServiceOutcome {
        exchange.serviceName = name
        return serve(exchange)
    }
}

/// What a service decides.
package enum ServiceOutcome {
    /// Send it there.
    case forward(UpstreamServer)
    /// Answer with ``Exchange/response`` and ``Exchange/localBody``.
    case respond
    /// The service will call ``Exchange/resume(_:)`` with `respond`, on the event loop, once.
    case wait
    /// Have it go through those middlewares and on to their service.
    case enter(ChainedService)
}

/// A matched router: what the routing table yields. Immutable; shared by all event loops.
package final class Route: Sendable {
    /// `name@provider`.
    package let name: String
    /// Entry point, router and service middlewares, outermost first, chains laid out flat.
    package let chain: [any HTTPMiddleware]
    /// Which phases any of `chain` takes part in.
    package let phases: MiddlewarePhases
    package let service: any HTTPService
    /// The service's name as logs show it, `name@provider`.
    package let serviceName: String
    /// Whether requests of this router appear in the access log. Those to internal services mostly do not.
    package let logsAccess: Bool
    /// For a router with children: the table that chooses among them, consulted after `chain`.
    package let children: RoutingTable<Route>?
    package init(
        name: String, chain: [any HTTPMiddleware], service: any HTTPService, serviceName: String,
        logsAccess: Bool = true,
        children: RoutingTable<Route>? = nil
    ) {
        self.name = name
        self.chain = chain
        self.phases = chain.reduce(into: []) { $0.formUnion($1.phases) }
        self.service = service
        self.serviceName = serviceName
        self.logsAccess = logsAccess
        self.children = children
    }
}

/// What one entry point routes by.
package struct EntryPointTable: Sendable {
    /// Routers without TLS.
    package var plain: RoutingTable<Route>
    /// Routers with TLS.
    package var secure: RoutingTable<Route>

    package init(plain: RoutingTable<Route>, secure: RoutingTable<Route>) {
        self.plain = plain
        self.secure = secure
    }
}
