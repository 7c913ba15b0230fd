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
