import MartinetConfig
import MartinetCore
import MartinetServer
import Testing

@Suite struct CertificateStoreTests {
    private let authority: TestAuthority

    init() throws { authority = try TestAuthority() }

    private func store(_ pairs: [TestAuthority.Pair]) throws -> CertificateStore {
        var it = TLSFixture()
        for pair in pairs { it.certificate(pair) }
        let compiled = try it.compile()
        #expect(compiled.diagnostics.isEmpty)
        return compiled.store
    }

    @Test(arguments: [
        ("a.test", "a.test"), ("x.wild.test", "x.wild.test"), ("b.wild.test", "*.wild.test"), ("wild.test", "-"),
        ("p.q.wild.test", "-"), ("y.wild.test", "y.wild.test"), ("other.test", "-"), ("cn.test", "cn.test"),
        ("", "-"), (".wild.test", "-"),
    ])
    func choosesTheExactNameThenOneLabelOfWildcardThenNothing(name: String, expected: String) throws {
        let store = try store([
            authority.issue(["a.test"]), authority.issue(["*.wild.test"]), authority.issue(["x.wild.test"]),
            authority.issue(["*.aaa.test", "y.wild.test"]), authority.issue(["unrelated.test"], commonName: "CN.test"),
        ])
        let chosen = store.choose(name: name)
        #expect((chosen?.names.contains(expected) ?? (expected == "-")) && (chosen == nil) == (expected == "-"))
    }

    @Test func prefersEllipticKeysForClientsThatTakeThem() throws {
        let store = try store([
            authority.issue(["a.test"], key: .rsa), authority.issue(["a.test"], key: .p384),
            authority.issue(["only.test"], key: .rsa), authority.issue(["*.test"], key: .p256),
        ])
        #expect(store.choose(name: "a.test")?.keyType == .ecdsaP384)
        #expect(store.choose(name: "a.test", abilities: [.rsa, .ecdsaP256])?.keyType == .rsa)
        #expect(store.choose(name: "only.test")?.keyType == .rsa)
        // Better a wildcard that the client can check than an exact name it cannot.
        #expect(store.choose(name: "only.test", abilities: .ecdsaP256)?.keyType == .ecdsaP256)
        // Nothing fits: the handshake will say so.
        #expect(store.choose(name: "a.test", abilities: .ed25519)?.names == ["a.test"])
    }

    @Test func ofEqualCertificatesTheFirstCounts() throws {
        let first = try authority.issue(["a.test"])
        let store = try store([first, authority.issue(["a.test"]), first])
        #expect(store.certificates.count == 2)
        #expect(store.choose(name: "a.test") === store.certificates[0])
    }

    @Test func withoutNameTheLocalAddressIsLookedUp() throws {
        let store = try store([authority.issue([], addresses: [[127, 0, 0, 1]]), authority.issue(["a.test"])])
        #expect(store.choose(name: nil, localAddress: IPAddress("127.0.0.1"))?.names == ["127.0.0.1"])
        #expect(store.choose(name: nil, localAddress: IPAddress("::ffff:127.0.0.1"))?.names == ["127.0.0.1"])
        #expect(store.choose(name: nil, localAddress: IPAddress("127.0.0.2")) == nil)
        #expect(store.choose(name: nil) == nil)
    }

    @Test func makesACertificateOfItsOwnForWantOfOne() throws {
        let compiled = try TLSFixture().compile()
        let fallback = compiled.store.fallback
        #expect(fallback.keyType == .ecdsaP256)
        #expect(fallback.names.contains("martinet default cert"))
        #expect(fallback.names.first?.hasSuffix(".martinet.default") == true)
        #expect(fallback.notAfter == TLSFixture.clock + 365 * 24 * 3600)
        // It stays over reloads, until its time is nearly over.
        var later = TLSFixture()
        #expect(try later.compile(previous: compiled).store.fallback === fallback)
        later.now += 340 * 24 * 3600
        #expect(try later.compile(previous: compiled).store.fallback !== fallback)
    }

    @Test func theGivenDefaultIsServedOnlyForWantOfAnother() throws {
        var it = TLSFixture()
        it.certificate(try authority.issue(["a.test"]))
        let pair = try authority.issue(["default.test"])
        var files = CertificateFileOptions()
        files.certFile = pair.certificate
        files.keyFile = pair.key
        var store = TLSStoreOptions()
        store.defaultCertificate = files
        it.options.stores["default"] = store
        it.tlsOptions("default") { $0.sniStrict = true }
        let compiled = try it.compile()
        #expect(compiled.store.fallback.names == ["default.test"])
        #expect(compiled.store.choose(name: "default.test") == nil)
        let table = TLSTable.build([], tls: compiled, isStrict: false).table
        let hello = ClientHello(serverName: "default.test", protocols: nil, abilities: .all)
        #expect(table.decide(hello).summary == "unrecognizedName")
    }
}
