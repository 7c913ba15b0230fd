/// Consul's catalogue.
package struct ConsulCatalogOptions: OptionGroup {
    package var constraints = ""
    package var endpoint: ConsulEndpointOptions?
    package var prefix = "traefik"
    package var refreshInterval: OptionDuration = .seconds(15)
    package var requireConsistent = false
    package var stale = false
    package var cache = false
    package var exposedByDefault = true
    package var defaultRule = "Host(`{{ normalize .Name }}`)"
    package var connectAware = false
    package var connectByDefault = false
    package var serviceName = "traefik"
    package var watch = false
    package var strictChecks: [String] = ["passing", "warning"]
    package var namespaces: [String] = []

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("constraints", \.constraints, "Which services count."),
        .init("endpoint", \.endpoint, "The Consul agent."),
        .init("prefix", \.prefix, "Prefix of tags."),
        .init("refreshInterval", \.refreshInterval, "Pause between polls."),
        .init("requireConsistent", \.requireConsistent, "Consistent reads."),
        .init("stale", \.stale, "Stale reads."),
        .init("cache", \.cache, "Cached reads."),
        .init("exposedByDefault", \.exposedByDefault, "Whether services are exposed without a tag."),
        .init("defaultRule", \.defaultRule, "Rule of routers without one."),
        .init("connectAware", \.connectAware, "Consul Connect."),
        .init("connectByDefault", \.connectByDefault, "Consul Connect for all."),
        .init("serviceName", \.serviceName, "Own name in Consul."),
        .init("watch", \.watch, "Whether changes are followed."),
        .init("strictChecks", \.strictChecks, "States of checks that serve."),
        .init("namespaces", \.namespaces, "Namespaces."),
    ]
}
