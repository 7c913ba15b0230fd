package import MartinetConfig
import NIOConcurrencyHelpers
import NIOCore
package import NIOSSL

/// TLS options of the routing configuration, ready for handshakes.
///
/// Kept over reloads as long as options and authorities are the same, and with it its contexts: session tickets stay valid, and none
/// of them is ever good for another policy, because each context has its own ticket keys.
package final class ServerTLSPolicy: Sendable {
    /// Holds the certificate, so that its address cannot come to be another's while it is a key.
    private struct Served {
        let certificate: TLSCertificate
        let context: NIOSSLContext
    }

    static let defaultName = "default"

    /// `default` or `name@provider`. What decides whether a request may use a connection (``TLSTable/admits(_:host:)``).
    package let name: String
    package let options: TLSOptions
    package let clientAuthentication: ClientAuthentication
    /// In the order of preference; matched against the client's.
    package let applicationProtocols: [String]
    /// `sniStrict`: whether connections that no certificate is for are refused.
    package var refusesUnknownNames: Bool { options.sniStrict }
    /// What is odd but harmless.
    let warnings: [String]

    /// What clients showed behind their certificates.
    let chains = ShownChains()

    private let authorities: CertificateAuthorities.Bundle
    private let ciphers: CipherSelection
    private let curves: CurveSelection
    private let minimum: TLSVersion
    private let maximum: TLSVersion?
    /// By certificate. The lock is taken once for each handshake, by any loop; a handshake costs a thousand times as much.
    private let contexts = NIOLockedValueBox<[ObjectIdentifier: Served]>([:])

    /// - Throws: ``TLSFailure`` whatever is wrong: a policy that cannot be honoured is not replaced by a weaker one.
    init(name: String, options: TLSOptions, noting files: inout WatchedFiles) throws(TLSFailure) {
        self.name = name
        self.options = options
        clientAuthentication = try ClientAuthentication(options.clientAuth)
        authorities = try CertificateAuthorities.read(options.clientAuth?.caFiles ?? [], noting: &files)
        ciphers = try CipherSelection(options.cipherSuites)
        curves = try CurveSelection(options.curvePreferences)
        applicationProtocols = try Self.protocols(options.alpnProtocols)
        let asked = try TLSVersion.named(options.minVersion, option: "minVersion") ?? .tlsv12
        minimum = ciphers.requiresTLS13 ? .tlsv13 : asked
        maximum = try TLSVersion.named(options.maxVersion, option: "maxVersion")
        if let maximum, maximum.precedes(minimum) {
            throw TLSFailure(
                "TLS minimum version is above the maximum version",
                remedy: ciphers.requiresTLS13
                    ? "name a cipher suite of TLS 1.2" : "raise maxVersion or lower minVersion")
        }
        warnings = ciphers.warnings + curves.warnings
    }

    /// Empty means the default. The TLS library ends the process at names that are empty, too long or not ASCII.
    private static func protocols(_ names: [String]) throws(TLSFailure) -> [String] {
        guard !names.isEmpty else { return TLSOptions().alpnProtocols }
        for name in names {
            guard (1...255).contains(name.utf8.count), name.utf8.allSatisfy({ $0 < 0x80 }) else {
                throw TLSFailure("invalid alpnProtocols: \"\(name)\"", remedy: "use 1 to 255 ASCII characters")
            }
        }
        return names
    }

    /// Whether `other` asks for the same and trusts the same authorities.
    func isSame(as other: ServerTLSPolicy) -> Bool {
        name == other.name && options == other.options && authorities.digest == other.authorities.digest
    }

    // MARK: Handshakes

    /// A handler for one connection that serves `certificate`.
    /// - Parameter chain: gets to know what the client shows; only of policies that accept any certificate.
    /// - Throws: when the TLS library refuses; the connection is to be closed.
    package func makeHandler(for certificate: TLSCertificate, noting chain: ShownChain) throws -> NIOSSLServerHandler {
        let context = try context(for: certificate)
        guard clientAuthentication == .request || clientAuthentication == .requireAny else {
            return NIOSSLServerHandler(context: context)
        }
        // Any chain will do; the library has checked that the client holds the key.
        return NIOSSLServerHandler(
            context: context,
            customVerificationCallback: { certificates, promise in
                chain.note(certificates)
                promise.succeed(.certificateVerified)
            })
    }

    /// The context for `certificate`; the same for as long as both live.
    ///
    /// Only when session tickets are off each call makes a new one: the library knows no such switch, but a context that serves one
    /// connection has ticket keys nobody else can use.
    package func context(for certificate: TLSCertificate) throws -> NIOSSLContext {
        guard !options.disableSessionTickets else {
            return try NIOSSLContext(configuration: configuration(certificate))
        }
        return try contexts.withLockedValue { contexts in
            if let served = contexts[ObjectIdentifier(certificate)] { return served.context }
            let context = try NIOSSLContext(configuration: configuration(certificate))
            contexts[ObjectIdentifier(certificate)] = Served(certificate: certificate, context: context)
            return context
        }
    }

    /// Forgets contexts of certificates that are no longer served.
    func keepContexts(of certificates: Set<ObjectIdentifier>) {
        contexts.withLockedValue { $0 = $0.filter { certificates.contains($0.key) } }
    }

    private func configuration(_ certificate: TLSCertificate) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: certificate.chain.map { .certificate($0) },
            privateKey: .privateKey(certificate.signingKey))
        configuration.minimumTLSVersion = minimum
        configuration.maximumTLSVersion = maximum
        configuration.cipherSuites = ciphers.list
        configuration.curves = curves.curves
        configuration.certificateVerification = clientAuthentication.verification
        // Never the system's: those would let in clients of any public authority.
        configuration.trustRoots = .certificates(authorities.certificates)
        configuration.sendCANameList = !authorities.certificates.isEmpty
        configuration.applicationProtocols = applicationProtocols
        return configuration
    }
}
