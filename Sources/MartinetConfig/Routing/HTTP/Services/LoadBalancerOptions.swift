/// A service of servers that share the requests.
package struct LoadBalancerOptions: OptionGroup {
    package var sticky: StickyOptions?
    package var servers: [ServerOptions] = []
    package var strategy = "wrr"
    package var healthCheck: HealthCheckOptions?
    package var passiveHealthCheck: PassiveHealthCheckOptions?
    package var passHostHeader = true
    package var responseForwarding: ResponseForwardingOptions? = .init()
    package var serversTransport = ""

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("sticky", \.sticky, "Keeps a client on one server."),
        .init("servers", \.servers, "The servers."),
        .init("strategy", \.strategy, "wrr (default), p2c, hrw or leasttime."),
        .init("healthCheck", \.healthCheck, "Asks servers whether they are well."),
        .init("passiveHealthCheck", \.passiveHealthCheck, "Watches answers for failing servers."),
        .init(
            "passHostHeader", \.passHostHeader, "Whether servers get the client's Host header (default true).",
            alwaysShown: true),
        .init("responseForwarding", \.responseForwarding, "How answers are passed on."),
        .init("serversTransport", \.serversTransport, "Name of the servers transport."),
    ]
}
