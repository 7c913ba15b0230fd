/// The whole routing (dynamic) configuration of one provider, as Traefik 3.7 has it.
package struct RoutingConfiguration: OptionGroup {
    package var http = HTTPRoutingOptions()
    package var tcp = TCPRoutingOptions()
    package var udp = UDPRoutingOptions()
    package var tls = TLSRoutingOptions()

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("http", \.http, "HTTP routers, services, middlewares and servers transports."),
        .init("tcp", \.tcp, "TCP routers, services, middlewares and servers transports."),
        .init("udp", \.udp, "UDP routers and services."),
        .init("tls", \.tls, "Certificates, TLS options and stores."),
    ]
}

/// Objects for HTTP, by name. There may be tens of thousands, and the tables are handed from provider to hub to compiler.
package struct HTTPRoutingOptions: OptionGroup {
    package var routers: [String: Boxed<HTTPRouterOptions>] = [:]
    package var services: [String: Boxed<HTTPServiceOptions>] = [:]
    package var middlewares: [String: Boxed<MiddlewareOptions>] = [:]
    package var serversTransports: [String: Boxed<ServersTransportOptions>] = [:]

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("routers", \.routers, "Which requests go where."),
        .init("services", \.services, "Where they go."),
        .init("middlewares", \.middlewares, "What is done to them on the way."),
        .init("serversTransports", \.serversTransports, "How servers are connected to."),
    ]
}
