import MartinetConfig
import NIOSSL

/// What a server asks of its clients' certificates.
package enum ClientAuthentication: String, CaseIterable, Sendable {
    /// None is asked for.
    case none = "NoClientCert"
    /// One is asked for; clients without, and with one of an unknown authority, are let in.
    case request = "RequestClientCert"
    /// Some certificate is necessary, whoever issued it.
    case requireAny = "RequireAnyClientCert"
    /// Clients without are let in; a certificate that is shown must be of a known authority.
    case verifyIfGiven = "VerifyClientCertIfGiven"
    /// Necessary, of a known authority.
    case requireAndVerify = "RequireAndVerifyClientCert"

    /// What `options` ask for: authorities alone mean ``requireAndVerify``.
    /// - Throws: for an unknown type, and for a type that verifies without authorities to verify with: the system's would let in
    ///   anybody with a certificate of any public authority.
    init(_ options: ClientAuthOptions?) throws(TLSFailure) {
        guard let options else {
            self = .none
            return
        }
        let name = options.clientAuthType
        if name.isEmpty {
            self = options.caFiles.isEmpty ? .none : .requireAndVerify
            return
        }
        guard let kind = Self(rawValue: name) else {
            let nearest = NearestName.of(name, among: Self.allCases.map(\.rawValue))
            throw TLSFailure(
                "unknown client auth type \"\(name)\"",
                remedy: nearest.map { "did you mean \"\($0)\"?" }
                    ?? "use one of " + Self.allCases.map(\.rawValue).joined(separator: ", "))
        }
        guard !kind.verifiesChain || !options.caFiles.isEmpty else {
            throw TLSFailure(
                "invalid clientAuthType: \(name), CAFiles is required",
                remedy: "name the authorities in clientAuth.caFiles")
        }
        self = kind
    }

    /// Whether certificates are checked against authorities.
    package var verifiesChain: Bool { self == .verifyIfGiven || self == .requireAndVerify }

    /// How the TLS library is told. It always checks chains, so ``request`` and ``requireAny`` also need
    /// ``ServerTLSPolicy/makeHandler(for:noting:)``'s callback, which accepts any chain; that the client holds the key is proven either way.
    var verification: CertificateVerification {
        switch self {
        case .none: .none
        case .request, .verifyIfGiven: .optionalVerification
        case .requireAny, .requireAndVerify: .noHostnameVerification
        }
    }
}
