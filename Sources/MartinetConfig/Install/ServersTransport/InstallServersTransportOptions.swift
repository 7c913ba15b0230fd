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
