/// How servers are connected to, unless a service says otherwise.
package struct InstallServersTransportOptions: OptionGroup {
    package var insecureSkipVerify = false
    package var rootCAs: [String] = []
    package var maxIdleConnsPerHost = 200
    package var forwardingTimeouts: InstallForwardingTimeoutsOptions?
    package var spiffe: SPIFFEOptions?

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("insecureSkipVerify", \.insecureSkipVerify, "Whether any certificate is accepted."),
        .init("rootCAs", \.rootCAs, "Certificate authorities."),
        .init("maxIdleConnsPerHost", \.maxIdleConnsPerHost, "Unused connections kept for a server."),
        .init("forwardingTimeouts", \.forwardingTimeouts, "Deadlines."),
        .init("spiffe", \.spiffe, "SPIFFE identities."),
    ]
}

/// Deadlines towards servers.
package struct InstallForwardingTimeoutsOptions: OptionGroup {
    package var dialTimeout: OptionDuration = .seconds(30)
    package var responseHeaderTimeout: OptionDuration = .zero
    package var idleConnTimeout: OptionDuration = .seconds(90)

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("dialTimeout", \.dialTimeout, "Longest connecting may take."),
        .init("responseHeaderTimeout", \.responseHeaderTimeout, "Longest wait for an answer's head; 0: no bound."),
        .init("idleConnTimeout", \.idleConnTimeout, "How long unused connections are kept."),
    ]
}

/// How TCP servers are connected to.
package struct InstallTCPServersTransportOptions: OptionGroup {
    package var dialKeepAlive: OptionDuration = .seconds(15)
    package var dialTimeout: OptionDuration = .seconds(30)
    package var terminationDelay: OptionDuration = .zero
    package var tls: InstallTCPTLSOptions?

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("dialKeepAlive", \.dialKeepAlive, "TCP keep-alive."),
        .init("dialTimeout", \.dialTimeout, "Longest connecting may take."),
        .init("terminationDelay", \.terminationDelay, "How long the other direction may stay open."),
        .init("tls", \.tls, "TLS."),
    ]
}

/// TLS towards TCP servers.
package struct InstallTCPTLSOptions: OptionGroup {
    package var insecureSkipVerify = false
    package var rootCAs: [String] = []
    package var spiffe: SPIFFEOptions?

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("insecureSkipVerify", \.insecureSkipVerify, "Whether any certificate is accepted."),
        .init("rootCAs", \.rootCAs, "Certificate authorities."),
        .init("spiffe", \.spiffe, "SPIFFE identities."),
    ]
}
