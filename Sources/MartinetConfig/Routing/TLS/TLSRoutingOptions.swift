/// Certificates, options and stores.
package struct TLSRoutingOptions: OptionGroup {
    package var certificates: [TLSCertificateOptions] = []
    package var options: [String: TLSOptions] = [:]
    package var stores: [String: TLSStoreOptions] = [:]

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("certificates", \.certificates, "Certificates to choose from."),
        .init("options", \.options, "Named TLS options."),
        .init("stores", \.stores, "Certificate stores; only `default` counts."),
    ]
}

package struct TLSCertificateOptions: OptionGroup {
    package var certFile = ""
    package var keyFile = ""
    package var stores: [String] = []

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("certFile", \.certFile, "Certificate, file or content."),
        .init("keyFile", \.keyFile, "Its key, file or content.", secret: true),
        .init("stores", \.stores, "Stores it belongs to."),
    ]
}

package struct TLSOptions: OptionGroup {
    package var minVersion = ""
    package var maxVersion = ""
    package var cipherSuites: [String] = []
    package var curvePreferences: [String] = []
    package var clientAuth: ClientAuthOptions?
    package var sniStrict = false
    package var alpnProtocols: [String] = ["h2", "http/1.1", "acme-tls/1"]
    package var disableSessionTickets = false
    package var preferServerCipherSuites: Bool?

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("minVersion", \.minVersion, "Least version, for example VersionTLS12."),
        .init("maxVersion", \.maxVersion, "Greatest version."),
        .init("cipherSuites", \.cipherSuites, "Cipher suites by their Go names."),
        .init("curvePreferences", \.curvePreferences, "Curves, best first."),
        .init("clientAuth", \.clientAuth, "What is asked of clients."),
        .init("sniStrict", \.sniStrict, "Whether names without certificate are refused."),
        .init("alpnProtocols", \.alpnProtocols, "Protocols offered."),
        .init("disableSessionTickets", \.disableSessionTickets, "Whether sessions cannot be resumed."),
        .init("preferServerCipherSuites", \.preferServerCipherSuites, "No effect.", deprecated: "remove it"),
    ]
}

package struct ClientAuthOptions: OptionGroup {
    package var caFiles: [String] = []
    package var clientAuthType = ""

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("caFiles", \.caFiles, "Authorities of client certificates, files or content."),
        .init("clientAuthType", \.clientAuthType, "NoClientCert to RequireAndVerifyClientCert."),
    ]
}

package struct TLSStoreOptions: OptionGroup {
    package var defaultCertificate: CertificateFileOptions?
    package var defaultGeneratedCert: GeneratedCertificateOptions?

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("defaultCertificate", \.defaultCertificate, "Used when no other fits."),
        .init("defaultGeneratedCert", \.defaultGeneratedCert, "Got from a certificate resolver."),
    ]
}

package struct GeneratedCertificateOptions: OptionGroup {
    package var resolver = ""
    package var domain: DomainOptions?

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("resolver", \.resolver, "Certificate resolver."),
        .init("domain", \.domain, "Names in it."),
    ]
}
