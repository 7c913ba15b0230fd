import MartinetConfig
import MartinetServer
import NIOSSL
import Testing

@Suite struct UpstreamTLSPolicyTests {
    private let authority: TestAuthority
    private let files: TemporaryFiles

    init() throws {
        authority = try TestAuthority()
        files = try TemporaryFiles()
    }

    private func make(
        _ previous: UpstreamTLSPolicy? = nil, _ change: (inout UpstreamTLSOptions) -> Void
    ) throws -> UpstreamTLSPolicy {
        var options = UpstreamTLSOptions()
        change(&options)
        var watched = WatchedFiles()
        return try UpstreamTLSPolicy.make(
            options, protocols: ["h2", "http/1.1"], noting: &watched, previous: previous)
    }

    /// Connects to a server with a certificate for `backend.test`.
    private func connect(
        _ policy: UpstreamTLSPolicy, host: String = "backend.test", uris: [String] = [],
        _ change: (inout TLSConfiguration) throws -> Void = { _ in }
    ) throws -> Handshake {
        let pair = try authority.issue(["backend.test"], uris: uris)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMBytes(Array(pair.certificate.utf8)).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(bytes: Array(pair.key.utf8), format: .pem)))
        configuration.applicationProtocols = ["h2", "http/1.1"]
        try change(&configuration)
        return try Handshake(
            server: NIOSSLServerHandler(context: try NIOSSLContext(configuration: configuration)),
            client: try policy.makeHandler(host: host))
    }

    @Test func trustsTheAuthoritiesGivenInPlaceOfTheSystems() throws {
        let trusting = try make { $0.rootCAs = [authority.certificate] }
        #expect(try connect(trusting).isDone)
        let other = try TestAuthority("Another Authority").certificate
        let distrusting = try make { $0.rootCAs = [other] }
        #expect(try !connect(distrusting).isDone)
        let several = try make { $0.rootCAs = [other, authority.certificate] }
        #expect(try connect(several).isDone)
    }

    @Test func checksTheNameOfTheServer() throws {
        let policy = try make { $0.rootCAs = [authority.certificate] }
        #expect(try !connect(policy, host: "other.test").isDone)
        let named = try make {
            $0.rootCAs = [authority.certificate]
            $0.serverName = "backend.test"
        }
        #expect(try connect(named, host: "10.0.0.1").isDone)
        #expect(try connect(named, host: "other.test").isDone)
    }

    @Test func insecureSkipVerifyTakesAnyCertificate() throws {
        let policy = try make { $0.insecureSkipVerify = true }
        #expect(try connect(policy, host: "other.test").isDone)
        #expect(try connect(policy, host: "10.0.0.1").isDone)
        #expect(try connect(policy, host: "[::1]").isDone)
    }

    @Test func offersHTTP2UnlessToldOtherwise() throws {
        let both = try make { $0.rootCAs = [authority.certificate] }
        #expect(try connect(both).protocolAgreed == .done("h2"))
        let one = try make {
            $0.rootCAs = [authority.certificate]
            $0.disableHTTP2 = true
        }
        #expect(try connect(one).protocolAgreed == .done("http/1.1"))
    }

    @Test func showsItsCertificate() throws {
        let pair = try authority.issue(["proxy.test"])
        var shown = CertificateFileOptions()
        shown.certFile = pair.certificate
        shown.keyFile = pair.key
        let roots = try NIOSSLCertificate.fromPEMBytes(Array(authority.certificate.utf8))
        for certificates in [[], [shown], [shown, shown]] {
            let policy = try make {
                $0.rootCAs = [authority.certificate]
                $0.certificates = certificates
            }
            let done = try connect(policy) {
                $0.certificateVerification = .noHostnameVerification
                $0.trustRoots = .certificates(roots)
            }
            #expect(done.isDone == !certificates.isEmpty)
            #expect(policy.warnings.count == (certificates.count > 1 ? 1 : 0))
        }
    }

    @Test func speaksTheVersionsAndSuitesAskedFor() throws {
        func isDone(_ policy: UpstreamTLSPolicy, _ version: TLSVersion) throws -> Bool {
            try connect(policy) {
                $0.minimumTLSVersion = version
                $0.maximumTLSVersion = version
            }.isDone
        }
        let plain = try make { $0.rootCAs = [authority.certificate] }
        #expect(try isDone(plain, .tlsv12) && isDone(plain, .tlsv13) && !isDone(plain, .tlsv11))
        // Traefik would drop all of this for want of a maxVersion.
        let newest = try make {
            $0.rootCAs = [authority.certificate]
            $0.minVersion = "VersionTLS13"
        }
        #expect(try isDone(newest, .tlsv13) && !isDone(newest, .tlsv12))
        let suite = try make {
            $0.rootCAs = [authority.certificate]
            $0.maxVersion = "VersionTLS12"
            $0.cipherSuites = ["TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"]
        }
        #expect(try isDone(suite, .tlsv12))
        #expect(try !connect(suite) { $0.cipherSuites = "ECDHE-ECDSA-AES128-GCM-SHA256" }.isDone)
    }

    @Test func acceptsOnlyServersWithTheURIAskedFor() throws {
        let policy = try make {
            $0.rootCAs = [authority.certificate]
            $0.peerCertURI = "spiffe://a/b"
        }
        let right = try connect(policy, uris: ["https://x", "spiffe://a/b"])
        #expect(right.isDone && policy.accepts(right.clientHandler.peerCertificate))
        let wrong = try connect(policy, uris: ["spiffe://a/b/c"])
        #expect(wrong.isDone && !policy.accepts(wrong.clientHandler.peerCertificate))
        #expect(!policy.accepts(nil))
        #expect(try make { _ in }.accepts(nil))
    }

    @Test(arguments: [
        ("missing", "invalid certificate(s) content: /nowhere/root.pem: no such file"),
        ("version", "invalid minVersion: VersionTLS99"), ("suite", "invalid CipherSuite: TLS_NOPE"),
        ("order", "TLS minimum version is above the maximum version"),
        ("spiffe", "spiffe is not available in this version"),
        ("pair", "/nowhere/client.pem: no such file"), ("half", "certFile and keyFile are both required"),
    ])
    func whatIsWrongIsRefused(kind: String, reason: String) throws {
        #expect(throws: TLSFailure.self) {
            do {
                _ = try make {
                    switch kind {
                    case "missing": $0.rootCAs = [authority.certificate, "/nowhere/root.pem"]
                    case "version": $0.minVersion = "VersionTLS99"
                    case "suite": $0.cipherSuites = ["TLS_NOPE"]
                    case "order": ($0.minVersion, $0.maxVersion) = ("VersionTLS13", "VersionTLS12")
                    case "spiffe": $0.spiffe = SPIFFEOptions()
                    default:
                        var pair = CertificateFileOptions()
                        pair.certFile = "/nowhere/client.pem"
                        pair.keyFile = kind == "pair" ? "/nowhere/client.key" : ""
                        $0.certificates = [pair]
                    }
                }
            } catch let failure as TLSFailure {
                #expect(failure.reason == reason)
                throw failure
            }
        }
    }

    @Test func isKeptOverReloadsAsLongAsFilesAreTheSame() throws {
        let path = try files.write("root.pem", authority.certificate)
        let before = try make { $0.rootCAs = [path] }
        #expect(try make(before) { $0.rootCAs = [path] } === before)
        try files.write("root.pem", try TestAuthority().certificate)
        #expect(try make(before) { $0.rootCAs = [path] } !== before)
    }

    @Test func takesOptionsOfEveryPartOfTheConfiguration() {
        var transport = ServersTransportOptions()
        transport.serverName = "s"
        transport.disableHTTP2 = true
        #expect(UpstreamTLSOptions(transport).serverName == "s" && UpstreamTLSOptions(transport).disableHTTP2)
        var install = InstallServersTransportOptions()
        install.rootCAs = ["ca"]
        #expect(UpstreamTLSOptions(install).rootCAs == ["ca"])
        var tcp = TCPTransportTLSOptions()
        tcp.peerCertURI = "u"
        #expect(UpstreamTLSOptions(tcp).peerCertURI == "u")
        var client = ClientTLSOptions()
        #expect(UpstreamTLSOptions(client) == UpstreamTLSOptions())
        client.ca = "ca"
        client.key = "key"
        #expect(UpstreamTLSOptions(client).rootCAs == ["ca"])
        #expect(UpstreamTLSOptions(client).certificates.map(\.keyFile) == ["key"])
    }
}
