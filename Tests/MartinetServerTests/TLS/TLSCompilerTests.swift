import MartinetConfig
import MartinetServer
import Testing

@Suite struct TLSCompilerTests {
    private let authority: TestAuthority
    private let files: TemporaryFiles

    init() throws {
        authority = try TestAuthority()
        files = try TemporaryFiles()
    }

    private func entry(_ certificate: String, _ key: String, stores: [String] = []) -> TLSCertificateOptions {
        var entry = TLSCertificateOptions()
        entry.certFile = certificate
        entry.keyFile = key
        entry.stores = stores
        return entry
    }

    @Test func aBrokenPairIsNamedAndTheOthersAreServed() throws {
        let good = try authority.issue(["a.test"])
        let other = try authority.issue(["b.test"])
        let certificate = try files.write("a.pem", good.certificate)
        let key = try files.write("a.key", good.key)
        let rubbish = try files.write("rubbish.pem", "nothing of use")
        let directory = try files.makeDirectory("directory")
        var it = TLSFixture()
        it.options.certificates = [
            entry("\(files.path)/missing.pem", key), entry(certificate, rubbish), entry(rubbish, key),
            entry(certificate, other.key), entry(certificate, ""), entry(directory, key), entry(certificate, key),
            entry(other.certificate, other.key, stores: ["default", "side"]),
        ]
        let compiled = try it.compile()
        #expect(compiled.store.certificates.map(\.names) == [["a.test"], ["b.test"]])
        #expect(
            compiled.diagnostics.map(\.description) == [
                "tls.certificates[0]@file: \(files.path)/missing.pem: no such file; correct the path, or give the "
                    + "content itself in PEM form",
                "tls.certificates[1]@file: \(rubbish): no private key in PEM form can be read; give an unencrypted "
                    + "PRIVATE KEY block",
                "tls.certificates[2]@file: \(rubbish): no certificate in PEM form can be read; give CERTIFICATE blocks, "
                    + "the server's first",
                "tls.certificates[3]@file: (content given inline): the private key does not match the certificate "
                    + "\(certificate); name the key the certificate was issued for",
                "tls.certificates[4]@file: certFile and keyFile are both required; add the one that is missing",
                "tls.certificates[5]@file: \(directory): not a regular file; give this process the right to read a "
                    + "regular file there",
                "tls.certificates[7]@file: stores side: only the store \"default\" is served; remove them",
            ])
        #expect(!compiled.diagnostics.contains { $0.description.contains("PRIVATE KEY-----") })
    }

    @Test func warnsOfCertificatesThatExpire() throws {
        var it = TLSFixture()
        it.certificate(try authority.issue(["soon.test"], life: 10 * 24 * 3600))
        it.certificate(try authority.issue(["over.test"], life: -3600))
        it.certificate(try authority.issue(["fine.test"], life: 31 * 24 * 3600))
        let compiled = try it.compile()
        #expect(compiled.diagnostics.map(\.severity) == [.warning, .warning])
        #expect(compiled.diagnostics.map(\.path) == ["tls.certificates[0]@file", "tls.certificates[1]@file"])
        #expect(compiled.diagnostics[0].reason.contains("expires on 20"))
        #expect(compiled.diagnostics[1].reason.contains("expired on 20"))
        // Served all the same: what to do about it is the operator's business.
        #expect(compiled.store.choose(name: "over.test") != nil)
    }

    @Test func defaultOptionsOfTwoProvidersFailClosed() throws {
        var it = TLSFixture()
        it.tlsOptions("default") { $0.sniStrict = true }
        var other = TLSRoutingOptions()
        other.options["default"] = TLSOptions()
        it.others = [TLSCompiler.Input(provider: "docker", options: other)]
        let compiled = try it.compile()
        #expect(compiled.policies["default"] == nil)
        #expect(compiled.failure(ofOptions: "default")?.reason.contains("several providers: file, docker") == true)
        #expect(TLSTable.build([], tls: compiled, isStrict: false).table.policy(forServerName: "a") == nil)
    }

    @Test func optionsBelongToTheirProvider() throws {
        var it = TLSFixture()
        it.tlsOptions("strict") { $0.sniStrict = true }
        let compiled = try it.compile()
        #expect(compiled.failure(ofOptions: "strict@file") == nil)
        #expect(
            compiled.failure(ofOptions: "strict@fil")
                == TLSFailure(
                    "building router handler: unknown TLS options: strict@fil", remedy: "did you mean \"strict@file\"?")
        )
        #expect(TLSRouter.qualified("strict", provider: "docker") == "strict@docker")
        #expect(TLSRouter.qualified("strict@file", provider: "docker") == "strict@file")
        #expect(TLSRouter.qualified("default", provider: "docker") == "default")
    }

    @Test func onlyTheDefaultStoreIsServed() throws {
        let pair = try authority.issue(["a.test"])
        var pairFiles = CertificateFileOptions()
        pairFiles.certFile = pair.certificate
        pairFiles.keyFile = "\(files.path)/missing.key"
        var it = TLSFixture()
        it.options.stores["side"] = TLSStoreOptions()
        it.options.stores["default"] = TLSStoreOptions()
        it.options.stores["default"]?.defaultCertificate = pairFiles
        let compiled = try it.compile()
        #expect(compiled.diagnostics.map(\.path) == ["tls.stores.default@file", "tls.stores.side@file"])
        #expect(compiled.store.fallback.names.contains("martinet default cert"))
    }

    // MARK: Files

    @Test func saysWhichFilesChanged() throws {
        let first = try authority.issue(["a.test"])
        let second = try authority.issue(["a.test"])
        let certificate = try files.write("a.pem", first.certificate)
        let key = try files.write("a.key", first.key)
        let missing = "\(files.path)/later.pem"
        var it = TLSFixture()
        it.options.certificates = [entry(certificate, key), entry(missing, key)]
        it.tlsOptions("mtls") {
            $0.clientAuth = ClientAuthOptions()
            $0.clientAuth?.caFiles = ["\(files.path)/ca.pem", authority.certificate]
        }
        let ca = try files.write("ca.pem", authority.certificate)
        let before = try it.compile()
        #expect(before.files.paths == [key, certificate, ca, missing].sorted())
        #expect(before.files.changed().isEmpty)
        try files.write("a.pem", first.certificate)
        #expect(before.files.changed().isEmpty)

        try files.write("a.pem", second.certificate)
        try files.write("a.key", second.key)
        try files.write("later.pem", first.certificate)
        try files.remove("ca.pem")
        #expect(before.files.changed() == [key, certificate, ca, missing].sorted())
        let after = try it.compile(previous: before)
        #expect(after.store.choose(name: "a.test") !== before.store.choose(name: "a.test"))
        // An authority that is gone takes the protection with it: its hosts are refused, not served with less.
        #expect(after.policies["mtls@file"] == nil && before.policies["mtls@file"] != nil)
        #expect(after.files.changed().isEmpty)
    }

    @Test func noticesFilesThatAreExchangedThroughALink() throws {
        let old = try files.makeDirectory("old")
        let new = try files.makeDirectory("new")
        let pairs = [try authority.issue(["a.test"]), try authority.issue(["a.test"])]
        for (directory, pair) in zip(["old", "new"], pairs) {
            try files.write("\(directory)/tls.crt", pair.certificate)
            try files.write("\(directory)/tls.key", pair.key)
        }
        try files.link("data", to: old)
        var it = TLSFixture()
        it.options.certificates = [entry("\(files.path)/data/tls.crt", "\(files.path)/data/tls.key")]
        let before = try it.compile()
        #expect(before.diagnostics.isEmpty && before.files.changed().isEmpty)
        try files.link("data", to: new)
        #expect(before.files.changed().count == 2)
    }

    @Test func authoritiesThatChangeMakeNewPolicies() throws {
        let ca = try files.write("ca.pem", authority.certificate)
        var it = TLSFixture()
        it.tlsOptions("mtls") {
            $0.clientAuth = ClientAuthOptions()
            $0.clientAuth?.caFiles = [ca]
        }
        let before = try it.compile()
        #expect(try it.compile(previous: before).policies["mtls@file"] === before.policies["mtls@file"])
        try files.write("ca.pem", try TestAuthority().certificate)
        let after = try it.compile(previous: before)
        #expect(after.policies["mtls@file"] != nil)
        #expect(after.policies["mtls@file"] !== before.policies["mtls@file"])
    }
}
