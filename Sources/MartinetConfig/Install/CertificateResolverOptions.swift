/// Where certificates come from.
package struct CertificateResolverOptions: OptionGroup {
    package var acme: ACMEOptions?
    package var tailscale: TailscaleOptions?

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("acme", \.acme, "An ACME authority."),
        .init("tailscale", \.tailscale, "Tailscale."),
    ]
}

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

/// Tailscale.
package struct TailscaleOptions: OptionGroup {

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = []
}

/// External account binding.
package struct EABOptions: OptionGroup {
    package var kid = ""
    package var hmacEncoded = ""

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("kid", \.kid, "Key identifier."),
        .init("hmacEncoded", \.hmacEncoded, "Key, in base64url.", secret: true),
    ]
}

/// DNS-01.
package struct DNSChallengeOptions: OptionGroup {
    package var provider = ""
    package var resolvers: [String] = []
    package var propagation: PropagationOptions?
    package var delayBeforeCheck: OptionDuration = .zero
    package var disablePropagationCheck = false

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("provider", \.provider, "DNS provider."),
        .init("resolvers", \.resolvers, "Resolvers asked."),
        .init("propagation", \.propagation, "Checks before validation."),
        .init("delayBeforeCheck", \.delayBeforeCheck, "Pause.", deprecated: "use propagation.delayBeforeChecks"),
        .init(
            "disablePropagationCheck", \.disablePropagationCheck, "No check.",
            deprecated: "use propagation.disableChecks"
        ),
    ]
}

/// Checks before validation.
package struct PropagationOptions: OptionGroup {
    package var disableChecks = false
    package var disableANSChecks = false
    package var requireAllRNS = false
    package var delayBeforeChecks: OptionDuration = .zero

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("disableChecks", \.disableChecks, "None."),
        .init("disableANSChecks", \.disableANSChecks, "None of authoritative servers."),
        .init("requireAllRNS", \.requireAllRNS, "All resolvers must agree."),
        .init("delayBeforeChecks", \.delayBeforeChecks, "Pause before them."),
    ]
}

/// HTTP-01.
package struct HTTPChallengeOptions: OptionGroup {
    package var entryPoint = ""
    package var delay: OptionDuration = .zero

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("entryPoint", \.entryPoint, "Entry point it is answered on."),
        .init("delay", \.delay, "Pause before validation."),
    ]
}

/// TLS-ALPN-01.
package struct TLSChallengeOptions: OptionGroup {
    package var delay: OptionDuration = .zero

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("delay", \.delay, "Pause before validation.")
    ]
}
