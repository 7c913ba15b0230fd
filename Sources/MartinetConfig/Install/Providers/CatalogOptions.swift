/// PUT requests.
package struct RESTOptions: OptionGroup {
    package var insecure = false

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("insecure", \.insecure, "Whether the entry point traefik takes them from anybody.")
    ]
}

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

/// A Consul agent.
package struct ConsulEndpointOptions: OptionGroup {
    package var address = ""
    package var scheme = ""
    package var datacenter = ""
    package var token = ""
    package var tls: ClientTLSOptions?
    package var httpAuth: HTTPAuthOptions?
    package var endpointWaitTime: OptionDuration = .zero

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("address", \.address, "host:port."),
        .init("scheme", \.scheme, "http or https."),
        .init("datacenter", \.datacenter, "Datacentre."),
        .init("token", \.token, "Token.", secret: true),
        .init("tls", \.tls, "TLS towards it."),
        .init("httpAuth", \.httpAuth, "Basic authentication."),
        .init("endpointWaitTime", \.endpointWaitTime, "Longest blocking query."),
    ]
}

/// Basic authentication.
package struct HTTPAuthOptions: OptionGroup {
    package var username = ""
    package var password = ""

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("username", \.username, "User."),
        .init("password", \.password, "Password.", secret: true),
    ]
}

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

/// A Nomad agent.
package struct NomadEndpointOptions: OptionGroup {
    package var address = "http://127.0.0.1:4646"
    package var region = ""
    package var token = ""
    package var tls: ClientTLSOptions?
    package var endpointWaitTime: OptionDuration = .zero

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("address", \.address, "URL."),
        .init("region", \.region, "Region."),
        .init("token", \.token, "Token.", secret: true),
        .init("tls", \.tls, "TLS towards it."),
        .init("endpointWaitTime", \.endpointWaitTime, "Longest blocking query."),
    ]
}

/// Amazon ECS.
package struct ECSOptions: OptionGroup {
    package var constraints = ""
    package var exposedByDefault = true
    package var refreshSeconds = 15
    package var defaultRule = "Host(`{{ normalize .Name }}`)"
    package var clusters: [String] = ["default"]
    package var autoDiscoverClusters = false
    package var healthyTasksOnly = false
    package var ecsAnywhere = false
    package var region = ""
    package var accessKeyID = ""
    package var secretAccessKey = ""

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("constraints", \.constraints, "Which tasks count."),
        .init("exposedByDefault", \.exposedByDefault, "Whether tasks are exposed without a label."),
        .init("refreshSeconds", \.refreshSeconds, "Pause between polls, in seconds."),
        .init("defaultRule", \.defaultRule, "Rule of routers without one."),
        .init("clusters", \.clusters, "Clusters."),
        .init("autoDiscoverClusters", \.autoDiscoverClusters, "Whether all clusters count."),
        .init("healthyTasksOnly", \.healthyTasksOnly, "Whether only healthy tasks serve."),
        .init("ecsAnywhere", \.ecsAnywhere, "ECS Anywhere."),
        .init("region", \.region, "Region."),
        .init("accessKeyID", \.accessKeyID, "Access key.", secret: true),
        .init("secretAccessKey", \.secretAccessKey, "Its secret.", secret: true),
    ]
}
