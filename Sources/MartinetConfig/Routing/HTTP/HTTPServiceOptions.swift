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
    package static let allowsEmpty = true

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

package struct ServerOptions: OptionGroup {
    package var url = ""
    package var weight: Int?
    package var preservePath = false
    package var fenced = false

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("url", \.url, "Address, for example http://10.0.0.1:8080.", text: .target),
        .init("weight", \.weight, "Share of the requests (default 1); 0 or less: none."),
        .init("preservePath", \.preservePath, "Whether the URL's path is put before the request's."),
    ]
}

package struct StickyOptions: OptionGroup {
    package var cookie: CookieOptions?

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [.init("cookie", \.cookie, "The cookie that names the server.")]
}

package struct CookieOptions: OptionGroup {
    package var name = ""
    package var secure = false
    package var httpOnly = false
    package var sameSite = ""
    package var maxAge = 0
    package var path: String? = "/"
    package var domain = ""

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("name", \.name, "Its name; made from the service's when empty.", text: .name),
        .init("secure", \.secure, "For HTTPS only."),
        .init("httpOnly", \.httpOnly, "Hidden from scripts."),
        .init("sameSite", \.sameSite, "none, lax or strict.", text: .value),
        .init("maxAge", \.maxAge, "Seconds it lives; 0: the session, negative: expire now."),
        .init("path", \.path, "Path it is sent for (default /).", text: .target),
        .init("domain", \.domain, "Domain it is sent to.", text: .target),
    ]
}

package struct HealthCheckOptions: OptionGroup {
    package var scheme = ""
    package var mode = "http"
    package var path = ""
    package var method = ""
    package var status = 0
    package var port = 0
    package var interval: OptionDuration? = .seconds(30)
    package var unhealthyInterval: OptionDuration?
    package var timeout: OptionDuration? = .seconds(5)
    package var hostname = ""
    package var followRedirects: Bool? = true
    package var headers: [String: String] = [:]

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("scheme", \.scheme, "http or https; empty: the server's."),
        .init("mode", \.mode, "http (default) or grpc."),
        .init("path", \.path, "Path to ask for, relative.", text: .target),
        .init("method", \.method, "Method (default GET).", text: .name),
        .init("status", \.status, "Status that means well; 0: 200 to 399."),
        .init("port", \.port, "Port; 0: the server's."),
        .init("interval", \.interval, "Pause between two checks (default 30s)."),
        .init("unhealthyInterval", \.unhealthyInterval, "Pause while the server is down; unset: interval."),
        .init("timeout", \.timeout, "Longest wait for the answer (default 5s)."),
        .init("hostname", \.hostname, "Host header.", text: .target),
        .init("followRedirects", \.followRedirects, "Whether redirections are followed (default true)."),
        .init("headers", \.headers, "Further headers.", text: .value),
    ]
}

package struct PassiveHealthCheckOptions: OptionGroup {
    package var failureWindow: OptionDuration? = .seconds(10)
    package var maxFailedAttempts = 1

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("failureWindow", \.failureWindow, "Time in which failures are counted (default 10s)."),
        .init("maxFailedAttempts", \.maxFailedAttempts, "Failures that take a server out (default 1)."),
    ]
}

package struct ResponseForwardingOptions: OptionGroup {
    package var flushInterval: OptionDuration = .milliseconds(100)

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("flushInterval", \.flushInterval, "Longest an answer is held back (default 100ms).")
    ]
}

/// `{}`: the state of the children is handed up.
package struct ChildHealthCheckOptions: OptionGroup {
    package init() {}
    package static let allowsEmpty = true
    package static let fields: [OptionField<Self>] = []
}

package struct WeightedOptions: OptionGroup {
    package var services: [WeightedChildOptions] = []
    package var sticky: StickyOptions?
    package var healthCheck: ChildHealthCheckOptions?

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("services", \.services, "The services."),
        .init("sticky", \.sticky, "Keeps a client on one of them."),
        .init("healthCheck", \.healthCheck, "Whether the children's state is handed up."),
    ]
}

package struct WeightedChildOptions: OptionGroup {
    package var name = ""
    package var weight: Int? = 1

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("name", \.name, "Name of the service."),
        .init("weight", \.weight, "Share of the requests (default 1)."),
    ]
}

package struct HighestRandomWeightOptions: OptionGroup {
    package var services: [WeightedChildOptions] = []
    package var healthCheck: ChildHealthCheckOptions?

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("services", \.services, "The services."),
        .init("healthCheck", \.healthCheck, "Whether the children's state is handed up."),
    ]
}

package struct MirroringOptions: OptionGroup {
    package var service = ""
    package var mirrorBody: Bool? = true
    package var maxBodySize: Int? = -1
    package var mirrors: [MirrorOptions] = []
    package var healthCheck: ChildHealthCheckOptions?

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("service", \.service, "The service whose answer counts."),
        .init("mirrorBody", \.mirrorBody, "Whether bodies are copied, too (default true)."),
        .init("maxBodySize", \.maxBodySize, "Largest body that is copied, in bytes (default -1: any)."),
        .init("mirrors", \.mirrors, "The services that get copies."),
        .init("healthCheck", \.healthCheck, "Whether the main service's state is handed up."),
    ]
}

package struct MirrorOptions: OptionGroup {
    package var name = ""
    package var percent = 0

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("name", \.name, "Name of the service."),
        .init("percent", \.percent, "Share of the requests that is copied."),
    ]
}

package struct FailoverOptions: OptionGroup {
    package var service = ""
    package var fallback = ""
    package var healthCheck: ChildHealthCheckOptions?
    package var errors: FailoverErrorsOptions?

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("service", \.service, "The main service."),
        .init("fallback", \.fallback, "Used when the main one is down."),
        .init("healthCheck", \.healthCheck, "Whether the children's state is handed up."),
        .init("errors", \.errors, "Answers that count as failures."),
    ]
}

package struct FailoverErrorsOptions: OptionGroup {
    package var status: [String] = []
    package var maxRequestBodyBytes: Int? = -1

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("status", \.status, "Statuses and ranges, for example 500-599."),
        .init("maxRequestBodyBytes", \.maxRequestBodyBytes, "Largest body kept for the second try (default -1: any)."),
    ]
}
