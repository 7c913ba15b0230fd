/// Objects for TCP, by name.
package struct TCPRoutingOptions: OptionGroup {
    package var routers: [String: TCPRouterOptions] = [:]
    package var services: [String: TCPServiceOptions] = [:]
    package var middlewares: [String: TCPMiddlewareOptions] = [:]
    package var serversTransports: [String: TCPServersTransportOptions] = [:]

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("routers", \.routers, "Which connections go where."),
        .init("services", \.services, "Where they go."),
        .init("middlewares", \.middlewares, "What is done to them on the way."),
        .init("serversTransports", \.serversTransports, "How servers are connected to."),
    ]
}

package struct TCPRouterOptions: OptionGroup {
    package var entryPoints: [String] = []
    package var middlewares: [String] = []
    package var service = ""
    package var rule = ""
    package var ruleSyntax = ""
    package var priority = 0
    package var tls: TCPRouterTLSOptions?

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("entryPoints", \.entryPoints, "Entry points it listens on."),
        .init("middlewares", \.middlewares, "Applied in this order."),
        .init("service", \.service, "Name of the service."),
        .init("rule", \.rule, "Which connections match, for example HostSNI(`a.example`)."),
        .init("ruleSyntax", \.ruleSyntax, "v3 (default) or v2."),
        .init("priority", \.priority, "Higher is asked first; 0 means the rule's length."),
        .init("tls", \.tls, "Present: the router is for TLS connections."),
    ]
}

package struct TCPRouterTLSOptions: OptionGroup {
    package var passthrough = false
    package var options = ""
    package var certResolver = ""
    package var domains: [DomainOptions] = []

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("passthrough", \.passthrough, "Whether TLS is left to the server.", alwaysShown: true),
        .init("options", \.options, "Name of the TLS options."),
        .init("certResolver", \.certResolver, "Certificate resolver."),
        .init("domains", \.domains, "Names to get certificates for."),
    ]
}

package struct TCPServiceOptions: OptionGroup {
    package var loadBalancer: TCPLoadBalancerOptions?
    package var weighted: TCPWeightedOptions?

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("loadBalancer", \.loadBalancer, "Shares connections among servers."),
        .init("weighted", \.weighted, "Shares connections among services."),
    ]
}

package struct TCPLoadBalancerOptions: OptionGroup {
    package var servers: [TCPServerOptions] = []
    package var serversTransport = ""
    package var proxyProtocol: TCPProxyProtocolOptions?
    package var terminationDelay: Int?
    package var healthCheck: TCPHealthCheckOptions?

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("servers", \.servers, "The servers."),
        .init("serversTransport", \.serversTransport, "Name of the servers transport."),
        .init("proxyProtocol", \.proxyProtocol, "PROXY header sent.", deprecated: "set it in a serversTransport"),
        .init("terminationDelay", \.terminationDelay, "Milliseconds.", deprecated: "set it in a serversTransport"),
        .init("healthCheck", \.healthCheck, "Asks servers whether they are well."),
    ]
}

package struct TCPServerOptions: OptionGroup {
    package var address = ""
    package var tls = false

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("address", \.address, "host:port."),
        .init("tls", \.tls, "Whether to speak TLS to it."),
    ]
}

package struct TCPProxyProtocolOptions: OptionGroup {
    package var version = 2

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [.init("version", \.version, "1 or 2 (default 2).")]
}

package struct TCPHealthCheckOptions: OptionGroup {
    package var port = 0
    package var send = ""
    package var expect = ""
    package var interval: OptionDuration? = .seconds(30)
    package var unhealthyInterval: OptionDuration?
    package var timeout: OptionDuration? = .seconds(5)

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("port", \.port, "Port; 0: the server's."),
        .init("send", \.send, "What is sent."),
        .init("expect", \.expect, "What must come back."),
        .init("interval", \.interval, "Pause between two checks (default 30s)."),
        .init("unhealthyInterval", \.unhealthyInterval, "Pause while the server is down."),
        .init("timeout", \.timeout, "Longest wait (default 5s)."),
    ]
}

package struct TCPWeightedOptions: OptionGroup {
    package var services: [WeightedChildOptions] = []
    package var healthCheck: ChildHealthCheckOptions?

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("services", \.services, "The services."),
        .init("healthCheck", \.healthCheck, "Whether the children's state is handed up."),
    ]
}

package struct TCPMiddlewareOptions: OptionGroup {
    package var inFlightConn: InFlightConnOptions?
    package var ipAllowList: TCPIPListOptions?
    package var ipWhiteList: TCPIPListOptions?

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("ipAllowList", \.ipAllowList, "Admits these addresses only."),
        .init("ipWhiteList", \.ipWhiteList, "Admits these addresses only.", deprecated: "use ipAllowList"),
        .init("inFlightConn", \.inFlightConn, "Bounds connections of one address."),
    ]
}

package struct InFlightConnOptions: OptionGroup {
    package var amount = 0

    package init() {}

    package static let fields: [OptionField<Self>] = [.init("amount", \.amount, "Most connections of one address.")]
}

package struct TCPIPListOptions: OptionGroup {
    package var sourceRange: [String] = []

    package init() {}

    package static let fields: [OptionField<Self>] = [.init("sourceRange", \.sourceRange, "Addresses and networks.")]
}

package struct TCPServersTransportOptions: OptionGroup {
    package var dialKeepAlive: OptionDuration? = .seconds(15)
    package var dialTimeout: OptionDuration? = .seconds(30)
    package var proxyProtocol: TCPProxyProtocolOptions?
    package var terminationDelay: OptionDuration? = .milliseconds(100)
    package var tls: TCPTransportTLSOptions?

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("dialKeepAlive", \.dialKeepAlive, "TCP keep-alive (default 15s)."),
        .init("dialTimeout", \.dialTimeout, "Longest connecting may take (default 30s)."),
        .init("proxyProtocol", \.proxyProtocol, "PROXY header sent."),
        .init("terminationDelay", \.terminationDelay, "How long the other direction may stay open (default 100ms)."),
        .init("tls", \.tls, "TLS towards servers."),
    ]
}

package struct TCPTransportTLSOptions: OptionGroup {
    package var serverName = ""
    package var insecureSkipVerify = false
    package var rootCAs: [String] = []
    package var certificates: [CertificateFileOptions] = []
    package var peerCertURI = ""
    package var spiffe: SPIFFEOptions?

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("serverName", \.serverName, "Name asked for and checked."),
        .init("insecureSkipVerify", \.insecureSkipVerify, "Whether any certificate is accepted."),
        .init("rootCAs", \.rootCAs, "Certificate authorities."),
        .init("certificates", \.certificates, "Client certificates."),
        .init("peerCertURI", \.peerCertURI, "URI the server's certificate must hold."),
        .init("spiffe", \.spiffe, "SPIFFE identities."),
    ]
}
