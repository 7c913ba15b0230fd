/// How servers are connected to.
package struct ServersTransportOptions: OptionGroup {
    package var serverName = ""
    package var insecureSkipVerify = false
    package var rootCAs: [String] = []
    package var certificates: [CertificateFileOptions] = []
    package var cipherSuites: [String] = []
    package var minVersion = ""
    package var maxVersion = ""
    package var maxIdleConnsPerHost = 0
    package var forwardingTimeouts: ForwardingTimeoutsOptions?
    package var disableHTTP2 = false
    package var peerCertURI = ""
    package var spiffe: SPIFFEOptions?

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("serverName", \.serverName, "Name asked for and checked in TLS."),
        .init("insecureSkipVerify", \.insecureSkipVerify, "Whether any certificate is accepted."),
        .init("rootCAs", \.rootCAs, "Certificate authorities, files or content."),
        .init("certificates", \.certificates, "Client certificates."),
        .init("cipherSuites", \.cipherSuites, "Cipher suites by their Go names."),
        .init("minVersion", \.minVersion, "Least TLS version."),
        .init("maxVersion", \.maxVersion, "Greatest TLS version."),
        .init(
            "maxIdleConnsPerHost", \.maxIdleConnsPerHost,
            "Unused connections kept for a server; 0 means 2, negative none."),
        .init("forwardingTimeouts", \.forwardingTimeouts, "Deadlines."),
        .init("disableHTTP2", \.disableHTTP2, "Whether HTTP/2 is not offered to servers."),
        .init("peerCertURI", \.peerCertURI, "URI the server's certificate must hold."),
        .init("spiffe", \.spiffe, "SPIFFE identities."),
    ]
}

package struct ForwardingTimeoutsOptions: OptionGroup {
    package var dialTimeout: OptionDuration? = .seconds(30)
    package var responseHeaderTimeout: OptionDuration? = .zero
    package var idleConnTimeout: OptionDuration? = .seconds(90)
    package var readIdleTimeout: OptionDuration? = .zero
    package var pingTimeout: OptionDuration? = .seconds(15)

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("dialTimeout", \.dialTimeout, "Longest connecting may take (default 30s; 0: no bound)."),
        .init(
            "responseHeaderTimeout", \.responseHeaderTimeout, "Longest wait for an answer's head (default 0: no bound)."
        ),
        .init("idleConnTimeout", \.idleConnTimeout, "How long unused connections are kept (default 90s)."),
        .init(
            "readIdleTimeout", \.readIdleTimeout,
            "Silence after which HTTP/2 connections are pinged (default 0: never)."),
        .init("pingTimeout", \.pingTimeout, "Longest wait for that ping's answer (default 15s)."),
    ]
}

package struct CertificateFileOptions: OptionGroup {
    package var certFile = ""
    package var keyFile = ""

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("certFile", \.certFile, "Certificate, file or content."),
        .init("keyFile", \.keyFile, "Its key, file or content.", secret: true),
    ]
}

package struct SPIFFEOptions: OptionGroup {
    package var ids: [String] = []
    package var trustDomain = ""

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("ids", \.ids, "Identities accepted."),
        .init("trustDomain", \.trustDomain, "Trust domain accepted."),
    ]
}
