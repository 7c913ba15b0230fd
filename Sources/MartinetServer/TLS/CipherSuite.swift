import MartinetConfig

/// A cipher suite as configurations name it: the names of Go, which are those of the IANA registry but for two old aliases.
struct CipherSuite: Equatable, Sendable {
    enum Support: Equatable, Sendable {
        /// Can be chosen.
        case selectable
        /// TLS 1.3 suites are always on: neither Go nor the TLS library lets them be chosen.
        case alwaysOn
        /// The library does not have it: RC4, 3DES with ECDHE, one CBC mode.
        case missing
        /// A signal in the list, no suite.
        case signal
    }

    /// The IANA name, which the library takes too.
    let name: String
    let support: Support

    /// All that Traefik accepts.
    static let all: [CipherSuite] =
        names(.alwaysOn, ["TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256"])
        + names(.selectable, secure)
        + names(
            .selectable,
            [
                "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256",
                "TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_256_GCM_SHA384", "TLS_RSA_WITH_AES_128_CBC_SHA",
                "TLS_RSA_WITH_AES_256_CBC_SHA", "TLS_RSA_WITH_3DES_EDE_CBC_SHA",
            ])
        + names(
            .missing,
            [
                "TLS_RSA_WITH_AES_128_CBC_SHA256", "TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA", "TLS_RSA_WITH_RC4_128_SHA",
                "TLS_ECDHE_RSA_WITH_RC4_128_SHA", "TLS_ECDHE_ECDSA_WITH_RC4_128_SHA",
            ])
        + names(.signal, ["TLS_FALLBACK_SCSV"])

    /// What Go negotiates below TLS 1.3 when nothing is said: forward secret, AEAD first.
    static let secure = [
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA",
        "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
    ]

    private static let aliases = [
        "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305": "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
        "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305": "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    ]

    private static func names(_ support: Support, _ names: [String]) -> [CipherSuite] {
        names.map { CipherSuite(name: $0, support: support) }
    }

    /// - Throws: for a name nobody knows.
    static func named(_ name: String) throws(TLSFailure) -> CipherSuite {
        let full = aliases[name] ?? name
        if let match = all.first(where: { $0.name == full }) { return match }
        let nearest = NearestName.of(name, among: all.map(\.name))
        throw TLSFailure(
            "invalid CipherSuite: \(name)",
            remedy: nearest.map { "did you mean \"\($0)\"?" } ?? "use the names of Go's crypto/tls"
        )
    }
}
