import MartinetConfig
import MartinetCore
import NIOSSL

/// The configuration that options of TLS towards servers amount to, with a digest of the files in it.
struct UpstreamTLSMaterial {
    private(set) var configuration = TLSConfiguration.makeClientConfiguration()
    private(set) var digest: [UInt8] = []
    private(set) var warnings: [String] = []

    /// - Throws: ``TLSFailure``; see ``UpstreamTLSPolicy/make(_:protocols:noting:previous:)``.
    init(
        _ options: UpstreamTLSOptions, protocols: [String], noting files: inout WatchedFiles
    ) throws(TLSFailure) {
        if options.spiffe != nil { throw TLSFailure("spiffe is not available in this version") }
        if !options.serverName.isEmpty, !Self.isAddress(options.serverName) {
            guard options.serverName.utf8.count <= 255, !options.serverName.utf8.contains(0) else {
                throw TLSFailure("invalid serverName", remedy: "use a host name")
            }
        }
        try takeVersions(options)
        try takeAuthorities(options, &files)
        try takeCertificate(options, &files)
        configuration.applicationProtocols = protocols.filter { $0 != "h2" || !options.disableHTTP2 }
        digest += configuration.applicationProtocols.flatMap { Array($0.utf8) + [0] }
    }

    /// Whether `name` is an address, with or without brackets.
    static func isAddress(_ name: String) -> Bool {
        IPAddress(name) != nil || (name.hasPrefix("[") && name.hasSuffix("]"))
    }

    /// TLS 1.2 at least, as in Go. A `minVersion` alone is fine here; Traefik refuses it for being above a `maxVersion` nobody gave,
    /// and then drops all of these options.
    private mutating func takeVersions(_ options: UpstreamTLSOptions) throws(TLSFailure) {
        let ciphers = try CipherSelection(options.cipherSuites)
        let minimum = try TLSVersion.named(options.minVersion, option: "minVersion") ?? .tlsv12
        configuration.minimumTLSVersion = ciphers.requiresTLS13 ? .tlsv13 : minimum
        configuration.maximumTLSVersion = try TLSVersion.named(options.maxVersion, option: "maxVersion")
        configuration.cipherSuites = ciphers.list
        warnings += ciphers.warnings
        if let maximum = configuration.maximumTLSVersion, maximum.precedes(configuration.minimumTLSVersion) {
            throw TLSFailure(
                "TLS minimum version is above the maximum version", remedy: "raise maxVersion or lower minVersion")
        }
    }

    private mutating func takeAuthorities(
        _ options: UpstreamTLSOptions, _ files: inout WatchedFiles
    ) throws(TLSFailure) {
        let bundle = try CertificateAuthorities.read(options.rootCAs, noting: &files)
        digest += bundle.digest
        if !options.rootCAs.isEmpty { configuration.trustRoots = .certificates(bundle.certificates) }
        // As in Traefik, a URI that is asked for has the chain verified whatever else is said: anybody can write one.
        if options.insecureSkipVerify {
            configuration.certificateVerification = options.peerCertURI.isEmpty ? .none : .noHostnameVerification
        }
    }

    /// The certificate shown to servers that ask for one. The library holds one; Go would choose among several.
    private mutating func takeCertificate(
        _ options: UpstreamTLSOptions, _ files: inout WatchedFiles
    ) throws(TLSFailure) {
        for (index, pair) in options.certificates.enumerated() {
            guard !pair.certFile.isEmpty, !pair.keyFile.isEmpty else {
                throw TLSFailure("certFile and keyFile are both required", remedy: "add the one that is missing")
            }
            let certificate = try TLSCertificate(
                certificate: try FileOrContent.read(pair.certFile, noting: &files),
                key: try FileOrContent.read(pair.keyFile, noting: &files),
                label: FileOrContent.label(pair.certFile), keyLabel: FileOrContent.label(pair.keyFile))
            digest += certificate.digest
            guard index == 0 else {
                warnings.append(
                    "\(FileOrContent.label(pair.certFile)): only the first of several certificates is shown")
                continue
            }
            configuration.certificateChain = certificate.chain.map { .certificate($0) }
            configuration.privateKey = .privateKey(certificate.key)
        }
    }
}
