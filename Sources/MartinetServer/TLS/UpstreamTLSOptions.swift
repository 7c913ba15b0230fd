package import MartinetConfig

/// What is asked of TLS towards servers, whichever part of the configuration says it.
package struct UpstreamTLSOptions: Equatable, Sendable {
    /// Asked for by SNI and checked in the certificate; empty: the host of the server's URL.
    package var serverName = ""
    package var insecureSkipVerify = false
    /// Files or content. They take the place of the system's authorities.
    package var rootCAs: [String] = []
    package var certificates: [CertificateFileOptions] = []
    package var cipherSuites: [String] = []
    package var minVersion = ""
    package var maxVersion = ""
    /// A URI that the server's certificate must hold; empty: none.
    package var peerCertURI = ""
    package var disableHTTP2 = false
    package var spiffe: SPIFFEOptions?

    package init() {}

    /// A servers transport of the routing configuration.
    package init(_ options: ServersTransportOptions) {
        serverName = options.serverName
        insecureSkipVerify = options.insecureSkipVerify
        rootCAs = options.rootCAs
        certificates = options.certificates
        cipherSuites = options.cipherSuites
        minVersion = options.minVersion
        maxVersion = options.maxVersion
        peerCertURI = options.peerCertURI
        disableHTTP2 = options.disableHTTP2
        spiffe = options.spiffe
    }

    /// The transport of services that name none.
    package init(_ options: InstallServersTransportOptions) {
        insecureSkipVerify = options.insecureSkipVerify
        rootCAs = options.rootCAs
        spiffe = options.spiffe
    }

    /// A servers transport of TCP services.
    package init(_ options: TCPTransportTLSOptions) {
        serverName = options.serverName
        insecureSkipVerify = options.insecureSkipVerify
        rootCAs = options.rootCAs
        certificates = options.certificates
        peerCertURI = options.peerCertURI
        spiffe = options.spiffe
    }

    /// A server the proxy itself asks, such as that of forwardAuth.
    package init(_ options: ClientTLSOptions) {
        insecureSkipVerify = options.insecureSkipVerify
        if !options.ca.isEmpty { rootCAs = [options.ca] }
        guard !options.cert.isEmpty || !options.key.isEmpty else { return }
        var pair = CertificateFileOptions()
        pair.certFile = options.cert
        pair.keyFile = options.key
        certificates = [pair]
    }
}
