import MartinetConfig
import MartinetServer
import NIOSSL
import Testing

@Suite struct ServerTLSPolicyTests {
    private let authority: TestAuthority
    private let stranger: TestAuthority

    init() throws {
        authority = try TestAuthority()
        stranger = try TestAuthority("Somebody Else")
    }

    enum Shown: Sendable {
        case nothing, ofAuthority, ofStranger
    }

    private func compile(_ change: (inout TLSOptions) -> Void) throws -> CompiledTLS {
        var it = TLSFixture()
        it.certificate(try authority.issue(["a.test"]))
        it.certificate(try authority.issue(["rsa.test"], key: .rsa))
        it.tlsOptions("o", change)
        return try it.compile()
    }

    private func handshake(
        _ tls: CompiledTLS, _ options: String = "o@file", host: String = "a.test", showing: Shown = .nothing,
        _ change: (inout TLSConfiguration) -> Void = { _ in }
    ) throws -> Handshake {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMBytes(Array(authority.certificate.utf8)))
        let pair: TestAuthority.Pair? =
            switch showing {
            case .nothing: nil
            case .ofAuthority: try authority.issue(["client"])
            case .ofStranger: try stranger.issue(["client"])
            }
        if let pair {
            configuration.certificateChain = try NIOSSLCertificate.fromPEMBytes(Array(pair.certificate.utf8)).map {
                .certificate($0)
            }
            configuration.privateKey = .privateKey(try NIOSSLPrivateKey(bytes: Array(pair.key.utf8), format: .pem))
        }
        change(&configuration)
        let policy = try #require(tls.policies[options])
        let certificate = try #require(tls.store.choose(name: host))
        return try Handshake(
            server: try policy.makeHandler(for: certificate, noting: ShownChain()),
            client: try NIOSSLClientHandler(
                context: try NIOSSLContext(configuration: configuration), serverHostname: host))
    }

    // MARK: Client certificates

    @Test(arguments: [
        ("", true, true, true, true), ("NoClientCert", false, true, true, true),
        ("NoClientCert", true, true, true, true), ("RequestClientCert", false, true, true, true),
        ("RequestClientCert", true, true, true, true), ("RequireAnyClientCert", false, false, true, true),
        ("VerifyClientCertIfGiven", true, true, true, false),
        ("RequireAndVerifyClientCert", true, false, true, false),
    ])
    func letsInWhomTheClientAuthTypeAllows(
        type: String, withCA: Bool, nothing: Bool, ofAuthority: Bool, ofStranger: Bool
    ) throws {
        let tls = try compile {
            var auth = ClientAuthOptions()
            auth.clientAuthType = type
            if withCA { auth.caFiles = [authority.certificate] }
            $0.clientAuth = type.isEmpty ? nil : auth
        }
        for version in [TLSVersion.tlsv12, .tlsv13] {
            func isLetIn(_ shown: Shown) throws -> Bool {
                try handshake(tls, showing: shown) { $0.maximumTLSVersion = version }.isDone
            }
            #expect(try isLetIn(.nothing) == nothing, "\(type) \(version), nothing")
            #expect(try isLetIn(.ofAuthority) == ofAuthority, "\(type) \(version), of the authority")
            #expect(try isLetIn(.ofStranger) == ofStranger, "\(type) \(version), of a stranger")
        }
    }

    @Test func authoritiesAloneMakeACertificateNecessary() throws {
        let tls = try compile {
            $0.clientAuth = ClientAuthOptions()
            $0.clientAuth?.caFiles = [authority.certificate]
        }
        #expect(tls.policies["o@file"]?.clientAuthentication == .requireAndVerify)
        #expect(try !handshake(tls).isDone)
        #expect(try handshake(tls, showing: .ofAuthority).isDone)
    }

    // MARK: Options that are wrong

    struct Wrong: CustomTestStringConvertible, Sendable {
        var testDescription: String { reason }
        var reason: String
        var remedy: String?
        var change: @Sendable (inout TLSOptions) -> Void

        init(_ reason: String, _ remedy: String?, _ change: @escaping @Sendable (inout TLSOptions) -> Void) {
            self.reason = reason
            self.remedy = remedy
            self.change = change
        }

        static func auth(_ reason: String, _ remedy: String, _ type: String, _ files: [String]) -> Wrong {
            Wrong(reason, remedy) {
                $0.clientAuth = ClientAuthOptions()
                $0.clientAuth?.clientAuthType = type
                $0.clientAuth?.caFiles = files
            }
        }
    }

    @Test(arguments: [
        Wrong("invalid CipherSuite: TLS_AES_128_GCM_SHA265", "did you mean \"TLS_AES_128_GCM_SHA256\"?") {
            $0.cipherSuites = ["TLS_AES_128_GCM_SHA265"]
        },
        Wrong(
            "invalid CipherSuites: none of them is supported",
            "add one of TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
        ) { $0.cipherSuites = ["TLS_RSA_WITH_RC4_128_SHA"] },
        Wrong("invalid CurveID in curvePreferences: CurveP265", "did you mean \"CurveP256\"?") {
            $0.curvePreferences = ["CurveP265"]
        },
        Wrong("invalid curvePreferences: none of them is supported", "add X25519MLKEM768 or X25519") {
            $0.curvePreferences = ["SecP256r1MLKEM768"]
        },
        Wrong("invalid minVersion: VersionTLS21", "did you mean \"VersionTLS11\"?") { $0.minVersion = "VersionTLS21" },
        Wrong("invalid maxVersion: 1.2", "use VersionTLS10, VersionTLS11, VersionTLS12 or VersionTLS13") {
            $0.maxVersion = "1.2"
        },
        Wrong("TLS minimum version is above the maximum version", "raise maxVersion or lower minVersion") {
            $0.minVersion = "VersionTLS13"
            $0.maxVersion = "VersionTLS12"
        },
        Wrong("TLS minimum version is above the maximum version", "name a cipher suite of TLS 1.2") {
            $0.cipherSuites = ["TLS_AES_128_GCM_SHA256"]
            $0.maxVersion = "VersionTLS12"
        },
        Wrong("invalid alpnProtocols: \"\"", "use 1 to 255 ASCII characters") { $0.alpnProtocols = ["h2", ""] },
        Wrong("invalid alpnProtocols: \"hé\"", "use 1 to 255 ASCII characters") { $0.alpnProtocols = ["hé"] },
        .auth(
            "unknown client auth type \"RequireAnyClientCerts\"", "did you mean \"RequireAnyClientCert\"?",
            "RequireAnyClientCerts", []),
        .auth(
            "invalid clientAuthType: VerifyClientCertIfGiven, CAFiles is required",
            "name the authorities in clientAuth.caFiles", "VerifyClientCertIfGiven", []),
        .auth(
            "invalid clientAuthType: RequireAndVerifyClientCert, CAFiles is required",
            "name the authorities in clientAuth.caFiles", "RequireAndVerifyClientCert", []),
        .auth(
            "invalid certificate(s) content: /nowhere/ca.pem: no such file",
            "correct the path, or give the content itself in PEM form", "", ["/nowhere/ca.pem"]),
        .auth(
            "invalid certificate(s) content: (content given inline): no certificate in PEM form can be read",
            "give CERTIFICATE blocks, the server's first", "NoClientCert", ["-----BEGIN\nrubbish"]),
    ])
    func whatIsWrongIsRefused(wrong: Wrong) throws {
        let tls = try compile(wrong.change)
        #expect(tls.policies["o@file"] == nil)
        #expect(tls.failures["o@file"] == TLSFailure(wrong.reason, remedy: wrong.remedy))
        #expect(tls.diagnostics.map(\.path) == ["tls.options.o@file"])
        #expect(tls.policies["default"] != nil)
    }

    @Test func whatTheLibraryLacksIsLeftOut() throws {
        let tls = try compile {
            $0.cipherSuites = ["TLS_RSA_WITH_RC4_128_SHA", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305"]
            $0.curvePreferences = ["SecP256r1MLKEM768", "X25519"]
        }
        #expect(
            tls.diagnostics.map(\.description) == [
                "tls.options.o@file: cipher suite TLS_RSA_WITH_RC4_128_SHA is not supported and left out; remove it",
                "tls.options.o@file: curve SecP256r1MLKEM768 is not supported and left out; remove it",
            ])
        #expect(try handshake(tls).isDone)
        #expect(try !handshake(tls) { $0.curves = [.secp256r1] }.isDone)
    }

    // MARK: What options do

    @Test(arguments: [
        ("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "a.test"), ("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "rsa.test"),
        ("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "a.test"), ("TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "rsa.test"),
        ("TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "a.test"),
        ("TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", "rsa.test"),
        ("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "a.test"), ("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "rsa.test"),
        ("TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", "a.test"), ("TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", "rsa.test"),
        ("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", "a.test"),
        ("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", "rsa.test"), ("TLS_RSA_WITH_AES_128_GCM_SHA256", "rsa.test"),
        ("TLS_RSA_WITH_AES_256_GCM_SHA384", "rsa.test"), ("TLS_RSA_WITH_AES_128_CBC_SHA", "rsa.test"),
        ("TLS_RSA_WITH_AES_256_CBC_SHA", "rsa.test"), ("TLS_RSA_WITH_3DES_EDE_CBC_SHA", "rsa.test"),
    ])
    func eachSuiteCanBeChosen(suite: String, host: String) throws {
        let tls = try compile {
            $0.cipherSuites = [suite]
            $0.maxVersion = "VersionTLS12"
        }
        #expect(tls.diagnostics.isEmpty)
        #expect(try handshake(tls, host: host) { $0.cipherSuites = suite }.isDone)
        let other = suite == "TLS_RSA_WITH_AES_128_CBC_SHA" ? "AES256-SHA" : "AES128-SHA"
        #expect(try !handshake(tls, host: host) { $0.cipherSuites = other }.isDone)
    }

    @Test(
        arguments: [
            (TLSVersion.tlsv13, SignatureAlgorithm.rsaPssRsaeSha256), (.tlsv13, .rsaPssRsaeSha384),
            (.tlsv13, .rsaPssRsaeSha512), (.tlsv12, .rsaPssRsaeSha256), (.tlsv12, .rsaPkcs1Sha256),
            (.tlsv12, .rsaPkcs1Sha384), (.tlsv12, .rsaPkcs1Sha512), (.tlsv12, .rsaPkcs1Sha1), (.tlsv11, nil),
            (.tlsv1, nil),
        ] as [(TLSVersion, SignatureAlgorithm?)])
    func signsWithRSAAsTheClientAsks(version: TLSVersion, algorithm: SignatureAlgorithm?) throws {
        let tls = try compile { $0.minVersion = "VersionTLS10" }
        let done = try handshake(tls, host: "rsa.test") {
            $0.minimumTLSVersion = version
            $0.maximumTLSVersion = version
            if let algorithm { $0.verifySignatureAlgorithms = [algorithm] }
        }
        #expect(done.isDone, "\(done.clientError)")
    }

    @Test func suitesOfTLS13AloneLeaveNothingElse() throws {
        let tls = try compile { $0.cipherSuites = ["TLS_AES_128_GCM_SHA256"] }
        #expect(try handshake(tls).isDone)
        #expect(try !handshake(tls) { $0.maximumTLSVersion = .tlsv12 }.isDone)
    }

    @Test(arguments: [
        ("", "", [TLSVersion.tlsv12, .tlsv13]), ("VersionTLS13", "", [.tlsv13]), ("", "VersionTLS12", [.tlsv12]),
        ("VersionTLS10", "", [.tlsv1, .tlsv11, .tlsv12, .tlsv13]), ("VersionTLS11", "VersionTLS11", [.tlsv11]),
    ])
    func speaksTheVersionsAskedFor(minimum: String, maximum: String, versions: [TLSVersion]) throws {
        let tls = try compile {
            $0.minVersion = minimum
            $0.maxVersion = maximum
        }
        for version in [TLSVersion.tlsv1, .tlsv11, .tlsv12, .tlsv13] {
            let done = try handshake(tls) {
                $0.minimumTLSVersion = version
                $0.maximumTLSVersion = version
            }
            #expect(done.isDone == versions.contains(version), "\(version)")
        }
    }

    @Test func choosesTheFirstOfItsProtocols() throws {
        let tls = try compile { $0.alpnProtocols = [] }
        let both = try handshake(tls) { $0.applicationProtocols = ["http/1.1", "h2"] }
        #expect(both.protocolAgreed == .done("h2"))
        #expect(try handshake(tls).protocolAgreed == .done(nil))
    }

    @Test func contextsAreKeptOverReloadsAsLongAsNothingTheyHoldChanges() throws {
        var it = TLSFixture()
        it.certificate(try authority.issue(["a.test"]))
        it.tlsOptions("o") { $0.sniStrict = true }
        it.tlsOptions("noTickets") { $0.disableSessionTickets = true }
        let before = try it.compile()
        let certificate = try #require(before.store.choose(name: "a.test"))
        let context = try before.policies["o@file"]?.context(for: certificate)
        it.certificate(try authority.issue(["b.test"]))
        let after = try it.compile(previous: before)
        #expect(after.store.choose(name: "a.test") === certificate)
        #expect(try after.policies["o@file"]?.context(for: certificate) === context)
        #expect(try after.policies["default"]?.context(for: certificate) !== context)
        // A context for one connection: its tickets are worth nothing on another.
        let once = try #require(after.policies["noTickets@file"])
        #expect(try once.context(for: certificate) !== once.context(for: certificate))

        it.tlsOptions("o") { $0.sniStrict = false }
        let changed = try it.compile(previous: after)
        #expect(changed.policies["o@file"] !== after.policies["o@file"])
        #expect(changed.policies["default"] === after.policies["default"])
        it.options.certificates.removeFirst()
        let gone = try it.compile(previous: changed)
        #expect(gone.store.choose(name: "a.test") == nil)
    }
}
