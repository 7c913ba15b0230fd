/// Nomad.
package struct NomadOptions: OptionGroup {
    package var defaultRule = "Host(`{{ normalize .Name }}`)"
    package var constraints = ""
    package var endpoint: NomadEndpointOptions?
    package var prefix = "traefik"
    package var stale = false
    package var exposedByDefault = true
    package var refreshInterval: OptionDuration = .seconds(15)
    package var allowEmptyServices = false
    package var watch = false
    package var throttleDuration: OptionDuration = .zero
    package var namespaces: [String] = []

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("defaultRule", \.defaultRule, "Rule of routers without one."),
        .init("constraints", \.constraints, "Which services count."),
        .init("endpoint", \.endpoint, "The Nomad agent."),
        .init("prefix", \.prefix, "Prefix of tags."),
        .init("stale", \.stale, "Stale reads."),
        .init("exposedByDefault", \.exposedByDefault, "Whether services are exposed without a tag."),
        .init("refreshInterval", \.refreshInterval, "Pause between polls."),
        .init("allowEmptyServices", \.allowEmptyServices, "Whether empty services keep their routers."),
        .init("watch", \.watch, "Whether changes are followed."),
        .init("throttleDuration", \.throttleDuration, "Least pause between two configurations."),
        .init("namespaces", \.namespaces, "Namespaces."),
    ]
}
