import MartinetCore
package import NIOCore
package import NIOSSL

/// TLS towards servers, ready for connections. Immutable; kept over reloads as long as options and files are the same.
package final class UpstreamTLSPolicy: Sendable {
    package let options: UpstreamTLSOptions
    /// What is odd but harmless.
    package let warnings: [String]
    /// Of everything that was read.
    private let digest: [UInt8]
    /// Fails where there are no authorities of the system: that is no fault of servers without TLS, which share the transport.
    private let context: Result<NIOSSLContext, TLSFailure>
    /// The same without HTTP/2, for requests that HTTP/2 has no word for; nil when HTTP/2 is not offered anyway.
    private let contextWithoutHTTP2: Result<NIOSSLContext, TLSFailure>?

    /// Reads files, those of the system's authorities included: not for event loops.
    /// - Parameters:
    ///   - protocols: offered by ALPN, best first; `h2` is left out when the options say so.
    ///   - previous: taken over when nothing changed.
    /// - Throws: ``TLSFailure`` when an option is wrong or a file is missing. Traefik goes on without what is wrong.
    package static func make(
        _ options: UpstreamTLSOptions, protocols: [String], noting files: inout WatchedFiles,
        previous: UpstreamTLSPolicy? = nil
    ) throws(TLSFailure) -> UpstreamTLSPolicy {
        let material = try UpstreamTLSMaterial(options, protocols: protocols, noting: &files)
        if let previous, previous.options == options, previous.digest == material.digest { return previous }
        return UpstreamTLSPolicy(options, material)
    }

    private init(_ options: UpstreamTLSOptions, _ material: UpstreamTLSMaterial) {
        self.options = options
        digest = material.digest
        warnings = material.warnings
        var configuration = material.configuration
        context = Self.context(configuration)
        guard configuration.applicationProtocols.contains("h2") else {
            contextWithoutHTTP2 = nil
            return
        }
        configuration.applicationProtocols.removeAll { $0 == "h2" }
        contextWithoutHTTP2 = Self.context(configuration)
    }

    private static func context(_ configuration: TLSConfiguration) -> Result<NIOSSLContext, TLSFailure> {
        Result { () throws(TLSFailure) in
            do {
                return try NIOSSLContext(configuration: configuration)
            } catch {
                throw TLSFailure(
                    "the authorities of the system cannot be read",
                    remedy: "install the system's CA certificates, or name authorities in rootCAs")
            }
        }
    }

    /// Whether servers may choose HTTP/2.
    package var offersHTTP2: Bool { contextWithoutHTTP2 != nil }

    /// A handler for one connection to a server.
    ///
    /// After the handshake, and before anything is sent, ``accepts(_:)`` must be asked about the handler's `peerCertificate`.
    /// - Parameters:
    ///   - host: of the server's URL, a name or an address.
    ///   - withoutHTTP2: does not offer it, whatever the options say.
    /// - Throws: when no connection must be made.
    package func makeHandler(host: String, withoutHTTP2: Bool = false) throws -> NIOSSLClientHandler {
        let name = options.serverName.isEmpty ? host : options.serverName
        // Addresses are never sent as SNI; without a name the library checks the address that was connected to.
        return try NIOSSLClientHandler(
            context: try (withoutHTTP2 ? contextWithoutHTTP2 ?? context : context).get(),
            serverHostname: UpstreamTLSMaterial.isAddress(name) ? nil : name)
    }

    /// Whether the server is the one that `serverName` and `peerCertURI` ask for.
    package func accepts(_ certificate: NIOSSLCertificate?) -> Bool {
        let checksName = !options.serverName.isEmpty && !options.insecureSkipVerify
        guard checksName || !options.peerCertURI.isEmpty else { return true }
        guard let certificate else { return false }
        // The library is content with the address that was connected to, too; who names the server means that name.
        if checksName, !Self.covers(options.serverName.lowercased(), CertificateNames.of(certificate)) { return false }
        return options.peerCertURI.isEmpty || CertificateNames.uris(of: certificate).contains(options.peerCertURI)
    }

    /// Whether one of the certificate's names is `name`, or a wildcard for its first label (RFC 9525 §6.3).
    private static func covers(_ name: String, _ names: [String]) -> Bool {
        if names.contains(name) { return true }
        guard let dot = name.firstIndex(of: "."), dot != name.startIndex else { return false }
        return names.contains("*" + name[dot...])
    }
}

extension UpstreamTLSPolicy: ClientTLSPolicy {
    package func makeHandlers(host: String) throws -> [any ChannelHandler] { [try makeHandler(host: host)] }
}
