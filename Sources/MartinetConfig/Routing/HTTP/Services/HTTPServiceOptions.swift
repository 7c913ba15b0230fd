/// A service: exactly one kind, and maybe middlewares of its own.
package struct HTTPServiceOptions: OptionGroup {
    package var loadBalancer: LoadBalancerOptions?
    package var weighted: WeightedOptions?
    package var mirroring: MirroringOptions?
    package var failover: FailoverOptions?
    package var highestRandomWeight: HighestRandomWeightOptions?
    package var middlewares: [String] = []

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("loadBalancer", \.loadBalancer, "Shares requests among servers."),
        .init("highestRandomWeight", \.highestRandomWeight, "Sends each client to the same child service."),
        .init("weighted", \.weighted, "Shares requests among services."),
        .init("mirroring", \.mirroring, "Copies requests to further services."),
        .init("failover", \.failover, "Uses another service when the main one fails."),
        .init("middlewares", \.middlewares, "Applied after the router's."),
    ]

    /// The kinds that are given: one, in a good configuration.
    package var kinds: [String] {
        var kinds: [String] = []
        if loadBalancer != nil { kinds.append("loadBalancer") }
        if weighted != nil { kinds.append("weighted") }
        if mirroring != nil { kinds.append("mirroring") }
        if failover != nil { kinds.append("failover") }
        if highestRandomWeight != nil { kinds.append("highestRandomWeight") }
        return kinds
    }
}
