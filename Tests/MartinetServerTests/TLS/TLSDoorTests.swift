import MartinetConfig
import MartinetServer
import NIOSSL
import Testing

/// Hello, table, policy and certificate together, against a real client.
@Suite struct TLSDoorTests {
    private let authority: TestAuthority
    private let table: TLSTable

    init() throws {
        authority = try TestAuthority()
        var it = TLSFixture()
        for names in [["a.test"], ["*.wild.test"], ["strict.test"]] { it.certificate(try authority.issue(names)) }
        it.certificate(try authority.issue(["a.test"], key: .rsa))
        it.tlsOptions("strict") { $0.sniStrict = true }
        it.tlsOptions("broken") { $0.curvePreferences = ["CurveX"] }
        let ca = authority.certificate
        it.tlsOptions("mtls") {
            $0.clientAuth = ClientAuthOptions()
            $0.clientAuth?.caFiles = [ca]
        }
        table = try it.table(
            isStrict: false,
            [
                TLSFixture.router("s", ["strict.test", "nocert.test"], options: "strict"),
                TLSFixture.router("m", ["*.wild.test"], options: "mtls"),
                TLSFixture.router("b", ["broken.test"], options: "broken"),
            ])
    }

    private func connect(
        _ host: String?, segment: Int = .max, _ change: (inout TLSConfiguration) -> Void = { _ in }
    ) throws -> (handshake: Handshake, policy: String?) {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        change(&configuration)
        let door = TLSDoor(table)
        let client = try NIOSSLClientHandler(
            context: try NIOSSLContext(configuration: configuration), serverHostname: host)
        let handshake = try Handshake(server: door, client: client, segment: segment)
        return (handshake, door.policy?.name)
    }

    @Test(arguments: [Int.max, 100, 1]) func servesTheCertificateAndTheOptionsOfTheName(segment: Int) throws {
        let plain = try connect("A.test", segment: segment)
        #expect(plain.handshake.isDone && plain.policy == "default")
        let names = plain.handshake.clientHandler.peerCertificate?._subjectAlternativeNames().map { Array($0.contents) }
        #expect(names == [Array("a.test".utf8)])
        let protected = try connect("k.wild.test", segment: segment)
        #expect(!protected.handshake.isDone && protected.policy == "mtls@file")
        let unknown = try connect("other.test", segment: segment)
        #expect(unknown.handshake.isDone && unknown.policy == "default")
        #expect(try connect(nil, segment: segment).handshake.isDone)
    }

    @Test func clientsGetTheKeyTheyCanUse() throws {
        func keyBytes(_ change: (inout TLSConfiguration) -> Void) throws -> Int {
            let done = try connect("a.test", change)
            #expect(done.handshake.isDone)
            return try #require(done.handshake.clientHandler.peerCertificate).extractPublicKey().toSPKIBytes().count
        }
        #expect(try keyBytes { _ in } < 100)
        #expect(try keyBytes { $0.verifySignatureAlgorithms = [.rsaPssRsaeSha256] } > 200)
        #expect(
            try keyBytes {
                $0.maximumTLSVersion = .tlsv12
                $0.cipherSuites = "ECDHE-RSA-AES128-GCM-SHA256"
            } > 200)
    }

    @Test func refusesUnknownNamesWhereOptionsSaySo() throws {
        #expect(try connect("strict.test").handshake.isDone)
        let refused = try connect("nocert.test").handshake
        #expect(!refused.isDone && refused.clientError.contains("UNRECOGNIZED_NAME"))
    }

    @Test func closesHostsWithBrokenOptionsWithoutAWord() throws {
        let closed = try connect("broken.test")
        #expect(!closed.handshake.isDone && closed.policy == nil)
    }

    @Test func saysThatNoProtocolIsShared() throws {
        let refused = try connect("a.test") { $0.applicationProtocols = ["spdy/3"] }.handshake
        #expect(!refused.isDone && refused.clientError.contains("NO_APPLICATION_PROTOCOL"))
    }
}
