/// A router: which requests, through which middlewares, to which service.
package struct HTTPRouterOptions: OptionGroup {
    package var entryPoints: [String] = []
    package var middlewares: [String] = []
    package var service = ""
    package var rule = ""
    package var parentRefs: [String] = []
    package var ruleSyntax = ""
    package var priority = 0
    package var tls: RouterTLSOptions?
    package var observability: RouterObservabilityOptions?

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("entryPoints", \.entryPoints, "Entry points it listens on; empty: the default ones."),
        .init("middlewares", \.middlewares, "Applied in this order, the first outermost."),
        .init("service", \.service, "Name of the service."),
        .init("rule", \.rule, "Which requests match, for example Host(`a.example`) && PathPrefix(`/api`)."),
        .init("parentRefs", \.parentRefs, "Routers this one refines."),
        .init("ruleSyntax", \.ruleSyntax, "v3 (default) or v2.", deprecated: "write the rule in v3 syntax"),
        .init("priority", \.priority, "Higher is asked first; 0 means the rule's length in bytes."),
        .init("tls", \.tls, "Present: the router is for TLS connections."),
        .init("observability", \.observability, "What is recorded of its requests."),
    ]
}

package struct RouterTLSOptions: OptionGroup {
    package var options = ""
    package var certResolver = ""
    package var domains: [DomainOptions] = []

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("options", \.options, "Name of the TLS options."),
        .init("certResolver", \.certResolver, "Certificate resolver that gets its certificates."),
        .init("domains", \.domains, "Names to get certificates for; empty: those of the rule."),
    ]
}

package struct DomainOptions: OptionGroup {
    package var main = ""
    package var sans: [String] = []

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("main", \.main, "Main name of the certificate."),
        .init("sans", \.sans, "Further names."),
    ]
}

/// Unset values follow the entry point.
package struct RouterObservabilityOptions: OptionGroup {
    package var accessLogs: Bool?
    package var metrics: Bool?
    package var tracing: Bool?
    package var traceVerbosity = ""

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("accessLogs", \.accessLogs, "Whether its requests are in the access log."),
        .init("metrics", \.metrics, "Whether they are counted."),
        .init("tracing", \.tracing, "Whether they are traced."),
        .init("traceVerbosity", \.traceVerbosity, "minimal or detailed."),
    ]
}
