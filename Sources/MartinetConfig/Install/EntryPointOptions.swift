/// Where the proxy listens, and what holds for all that comes in there.
package struct EntryPointOptions: OptionGroup {
    package var address = ""
    package var asDefault = false
    package var reusePort = false
    package var allowACMEByPass = false
    package var transport = EntryPointTransportOptions()
    package var proxyProtocol: ProxyProtocolOptions?
    package var forwardedHeaders = ForwardedHeadersOptions()
    package var http = EntryPointHTTPOptions()
    package var http2 = HTTP2Options()
    package var http3: HTTP3Options?
    package var udp: EntryPointUDPOptions?
    package var observability: EntryPointObservabilityOptions?

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("address", \.address, "host:port, with /udp for UDP."),
        .init("asDefault", \.asDefault, "Whether routers that name no entry point are put here."),
        .init("reusePort", \.reusePort, "Whether the port is shared with other processes (SO_REUSEPORT)."),
        .init("allowACMEByPass", \.allowACMEByPass, "Whether routers may take ACME challenges."),
        .init("transport", \.transport, "Deadlines and limits of connections."),
        .init("proxyProtocol", \.proxyProtocol, "PROXY protocol headers in front of connections."),
        .init("forwardedHeaders", \.forwardedHeaders, "Whose X-Forwarded headers are believed."),
        .init("http", \.http, "HTTP."),
        .init("http2", \.http2, "HTTP/2."),
        .init("http3", \.http3, "HTTP/3."),
        .init("udp", \.udp, "UDP."),
        .init("observability", \.observability, "What routers record unless they say otherwise."),
    ]
}

/// Deadlines and limits of connections.
package struct EntryPointTransportOptions: OptionGroup {
    package var lifeCycle = LifeCycleOptions()
    package var respondingTimeouts = RespondingTimeoutsOptions()
    package var keepAliveMaxRequests = 0
    package var keepAliveMaxTime: OptionDuration = .zero

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("lifeCycle", \.lifeCycle, "How it stops."),
        .init("respondingTimeouts", \.respondingTimeouts, "Deadlines."),
        .init("keepAliveMaxRequests", \.keepAliveMaxRequests, "Requests on one connection; 0: no bound."),
        .init("keepAliveMaxTime", \.keepAliveMaxTime, "Life of a connection; 0: no bound."),
    ]
}

/// How an entry point stops.
package struct LifeCycleOptions: OptionGroup {
    package var requestAcceptGraceTimeout: OptionDuration = .zero
    package var graceTimeOut: OptionDuration = .seconds(10)

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("requestAcceptGraceTimeout", \.requestAcceptGraceTimeout, "How long it goes on accepting."),
        .init("graceTimeOut", \.graceTimeOut, "How long requests may take to finish."),
    ]
}

/// Deadlines of an entry point.
package struct RespondingTimeoutsOptions: OptionGroup {
    package var readTimeout: OptionDuration = .seconds(60)
    package var writeTimeout: OptionDuration = .zero
    package var idleTimeout: OptionDuration = .seconds(180)

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("readTimeout", \.readTimeout, "Longest a request may take to arrive, body included; 0: no bound."),
        .init("writeTimeout", \.writeTimeout, "Longest an answer may take; 0: no bound."),
        .init("idleTimeout", \.idleTimeout, "Longest pause between requests."),
    ]
}

/// PROXY protocol.
package struct ProxyProtocolOptions: OptionGroup {
    package var insecure = false
    package var trustedIPs: [String] = []

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("insecure", \.insecure, "Whether any peer is believed."),
        .init("trustedIPs", \.trustedIPs, "Peers that are believed."),
    ]
}

/// Whose X-Forwarded headers are believed.
package struct ForwardedHeadersOptions: OptionGroup {
    package var insecure = false
    package var trustedIPs: [String] = []
    package var connection: [String] = []
    package var notAppendXForwardedFor = false
    package var addXForwardedSchemeHeaders = false

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("insecure", \.insecure, "Anybody's."),
        .init("trustedIPs", \.trustedIPs, "Those of these peers."),
        .init("connection", \.connection, "Headers a client's Connection header may remove."),
        .init("notAppendXForwardedFor", \.notAppendXForwardedFor, "Whether the peer is left out of X-Forwarded-For."),
        .init(
            "addXForwardedSchemeHeaders", \.addXForwardedSchemeHeaders,
            "Whether X-Forwarded-Scheme and X-Scheme are sent, too."
        ),
    ]
}

/// UDP.
package struct EntryPointUDPOptions: OptionGroup {
    package var timeout: OptionDuration = .seconds(3)

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("timeout", \.timeout, "Idle time after which a session ends.")
    ]
}

/// HTTP/2.
package struct HTTP2Options: OptionGroup {
    package var maxConcurrentStreams = 250
    package var maxDecoderHeaderTableSize = 4096
    package var maxEncoderHeaderTableSize = 4096

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("maxConcurrentStreams", \.maxConcurrentStreams, "Streams of one connection."),
        .init("maxDecoderHeaderTableSize", \.maxDecoderHeaderTableSize, "HPACK table, in bytes."),
        .init("maxEncoderHeaderTableSize", \.maxEncoderHeaderTableSize, "HPACK table, in bytes."),
    ]
}

/// HTTP/3.
package struct HTTP3Options: OptionGroup {
    package var advertisedPort = 0

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("advertisedPort", \.advertisedPort, "Port told to clients; 0: the entry point's.")
    ]
}

/// What routers record unless they say otherwise.
package struct EntryPointObservabilityOptions: OptionGroup {
    package var accessLogs = true
    package var metrics = true
    package var tracing = true
    package var traceVerbosity = "minimal"

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("accessLogs", \.accessLogs, "Access log."),
        .init("metrics", \.metrics, "Metrics."),
        .init("tracing", \.tracing, "Traces."),
        .init("traceVerbosity", \.traceVerbosity, "minimal or detailed."),
    ]
}
