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
