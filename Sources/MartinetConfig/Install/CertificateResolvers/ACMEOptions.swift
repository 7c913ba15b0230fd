/// An ACME authority.
package struct ACMEOptions: OptionGroup {
    package var email = ""
    package var emailAddresses: [String] = []
    package var caServer = "https://acme-v02.api.letsencrypt.org/directory"
    package var caCertificates: [String] = []
    package var caSystemCertPool = false
    package var caServerName = ""
    package var storage = "acme.json"
    package var keyType = "RSA4096"
    package var preferredChain = ""
    package var profile = ""
    package var disableCommonName = false
    package var eab: EABOptions?
    package var certificatesDuration = 2160
    package var clientTimeout: OptionDuration = .seconds(120)
    package var clientResponseHeaderTimeout: OptionDuration = .seconds(30)
    package var certificateTimeout: OptionDuration = .seconds(30)
    package var dnsChallenge: DNSChallengeOptions?
    package var httpChallenge: HTTPChallengeOptions?
    package var tlsChallenge: TLSChallengeOptions?

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("email", \.email, "Account address."),
        .init("emailAddresses", \.emailAddresses, "Account addresses."),
        .init("caServer", \.caServer, "Directory URL."),
        .init("caCertificates", \.caCertificates, "Authorities of the directory's certificate."),
        .init("caSystemCertPool", \.caSystemCertPool, "Whether the system's authorities count, too."),
        .init("caServerName", \.caServerName, "Name asked for in TLS."),
        .init("storage", \.storage, "File of accounts and certificates."),
        .init("keyType", \.keyType, "RSA2048, RSA4096, RSA8192, EC256 or EC384."),
        .init("preferredChain", \.preferredChain, "Common name of the wanted issuer."),
        .init("profile", \.profile, "Certificate profile."),
        .init("disableCommonName", \.disableCommonName, "Whether the common name is left out."),
        .init("eab", \.eab, "External account binding."),
        .init("certificatesDuration", \.certificatesDuration, "Hours certificates live."),
        .init("clientTimeout", \.clientTimeout, "Longest a request may take."),
        .init("clientResponseHeaderTimeout", \.clientResponseHeaderTimeout, "Longest wait for an answer."),
        .init("certificateTimeout", \.certificateTimeout, "Longest wait for a certificate."),
        .init("dnsChallenge", \.dnsChallenge, "DNS-01."),
        .init("httpChallenge", \.httpChallenge, "HTTP-01."),
        .init("tlsChallenge", \.tlsChallenge, "TLS-ALPN-01."),
    ]
}
