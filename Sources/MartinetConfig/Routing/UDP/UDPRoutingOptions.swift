/// Objects for UDP, by name.
package struct UDPRoutingOptions: OptionGroup {
    package var routers: [String: UDPRouterOptions] = [:]
    package var services: [String: UDPServiceOptions] = [:]

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("routers", \.routers, "Which sessions go where."),
        .init("services", \.services, "Where they go."),
    ]
}

package struct UDPRouterOptions: OptionGroup {
    package var entryPoints: [String] = []
    package var service = ""

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("entryPoints", \.entryPoints, "Entry points it listens on."),
        .init("service", \.service, "Name of the service."),
    ]
}

package struct UDPServiceOptions: OptionGroup {
    package var loadBalancer: UDPLoadBalancerOptions?
    package var weighted: UDPWeightedOptions?

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("loadBalancer", \.loadBalancer, "Shares sessions among servers."),
        .init("weighted", \.weighted, "Shares sessions among services."),
    ]
}

package struct UDPLoadBalancerOptions: OptionGroup {
    package var servers: [UDPServerOptions] = []

    package init() {}

    package static let fields: [OptionField<Self>] = [.init("servers", \.servers, "The servers.")]
}

package struct UDPServerOptions: OptionGroup {
    package var address = ""

    package init() {}

    package static let fields: [OptionField<Self>] = [.init("address", \.address, "host:port.")]
}

package struct UDPWeightedOptions: OptionGroup {
    package var services: [WeightedChildOptions] = []

    package init() {}

    package static let fields: [OptionField<Self>] = [.init("services", \.services, "The services.")]
}
