import MartinetConfig
import MartinetCore
import MartinetServer
import Testing

@Suite struct TLSTableTests {
    private func fixture() -> TLSFixture {
        var it = TLSFixture()
        it.tlsOptions("x") { $0.minVersion = "VersionTLS13" }
        it.tlsOptions("y") { $0.alpnProtocols = ["http/1.1"] }
        it.tlsOptions("broken") { $0.cipherSuites = ["TLS_NOPE"] }
        return it
    }

    private func build(
        _ routers: [TLSRouter], isStrict: Bool = false
    ) throws -> (table: TLSTable, problems: [String: [TLSRouterProblem]]) {
        TLSTable.build(routers, tls: try fixture().compile(), isStrict: isStrict)
    }

    private func name(_ table: TLSTable, _ host: String?) -> String {
        table.policy(forServerName: host)?.name ?? "closed"
    }

    private func admits(_ table: TLSTable, _ connection: String?, _ host: String) throws -> Bool {
        let policy = try #require(table.policy(forServerName: connection))
        var host = host
        return host.withUTF8 { table.admits(policy, host: UnsafeRawBufferPointer($0)) }
    }

    @Test func hostsGetTheOptionsOfTheirRouters() throws {
        let (table, problems) = try build([
            TLSFixture.router("a", ["a.test", "b.test"], options: "x"),
            TLSFixture.router("w", ["*.w.test"], options: "y"), TLSFixture.router("p", ["plain.w.test"]),
        ])
        #expect(problems.isEmpty)
        #expect(name(table, "a.test") == "x@file" && name(table, "b.test") == "x@file")
        #expect(name(table, "k.w.test") == "y@file")
        #expect(name(table, "plain.w.test") == "default")
        #expect(name(table, "i.k.w.test") == "default" && name(table, "w.test") == "default")
        #expect(name(table, "other.test") == "default" && name(table, nil) == "default")
    }

    @Test func aRouterForAllHostsDecidesForThoseWithoutName() throws {
        let (table, _) = try build([
            TLSFixture.router("all", ["*"], options: "x"), TLSFixture.router("a", ["a.test"]),
        ])
        #expect(name(table, nil) == "x@file" && name(table, "other.test") == "x@file")
        #expect(name(table, "a.test") == "default")
        #expect(try !admits(table, "a.test", "other.test") && !admits(table, nil, "a.test"))
    }

    @Test(
        arguments: [
            ("a.test", "a.test", true), ("a.test", "b.test", true), ("a.test", "other.test", false),
            ("other.test", "a.test", false), (nil, "a.test", false), (nil, "other.test", true),
            ("other.test", "k.w.test", false), ("k.w.test", "l.w.test", true), ("k.w.test", "a.test", false),
            ("other.test", "", true), ("other.test", "broken.test", false),
        ] as [(String?, String, Bool)])
    func requestsMayUseConnectionsMadeUnderTheirOptions(connection: String?, host: String, expected: Bool) throws {
        let (table, _) = try build([
            TLSFixture.router("a", ["a.test", "b.test"], options: "x"),
            TLSFixture.router("w", ["*.w.test"], options: "y"),
            TLSFixture.router("broken", ["broken.test"], options: "broken"),
        ])
        #expect(try admits(table, connection, host) == expected)
    }

    @Test func withDefaultOptionsOnlyEveryConnectionWillDo() throws {
        let (table, _) = try build([TLSFixture.router("a", ["a.test"]), TLSFixture.router("b", ["b.test"])])
        #expect(try admits(table, "a.test", "b.test") && admits(table, nil, "other.test"))
        // A connection made under options that are gone since is no default one.
        let (before, _) = try build([TLSFixture.router("a", ["a.test"], options: "x")])
        let old = try #require(before.policy(forServerName: "a.test"))
        #expect(!Array("a.test".utf8).withUnsafeBytes { table.admits(old, host: $0) })
    }

    @Test func connectionsOutliveChangesOfTheirOptions() throws {
        let routers = [TLSFixture.router("a", ["a.test"], options: "x")]
        let before = try fixture().compile()
        var changed = fixture()
        changed.tlsOptions("x") { $0.sniStrict = true }
        let after = try changed.compile(previous: before)
        let old = try #require(
            TLSTable.build(routers, tls: before, isStrict: false).table.policy(forServerName: "a.test"))
        let table = TLSTable.build(routers, tls: after, isStrict: false).table
        #expect(table.policy(forServerName: "a.test") !== old)
        #expect(Array("a.test".utf8).withUnsafeBytes { table.admits(old, host: $0) })
    }

    @Test func twoOptionsForOneHostMakeItDefault() throws {
        let (table, problems) = try build([
            TLSFixture.router("one", ["c.test", "other.test"], options: "x"),
            TLSFixture.router("two", ["c.test"], options: "y"), TLSFixture.router("fine", ["d.test"], options: "y"),
        ])
        #expect(name(table, "c.test") == "default")
        #expect(name(table, "other.test") == "x@file" && name(table, "d.test") == "y@file")
        #expect(Set(problems.keys) == ["one@file", "two@file"])
        #expect(
            problems["one@file"]?.map(\.reason) == [
                "router's TLSOptions configuration is conflicting with other routers on the same entrypoint and host, "
                    + "default TLS options will be used instead"
            ])
        #expect(problems["one@file"]?.contains(where: \.disables) == false)
    }

    @Test func strictlyTwoOptionsForOneHostDisableTheRouters() throws {
        let (table, problems) = try build(
            [
                TLSFixture.router("one", ["c.test", "other.test"], options: "x"),
                TLSFixture.router("two", ["c.test"], options: "y"),
                TLSFixture.router("fine", ["d.test"], options: "y"),
                TLSFixture.router("hostless", [], options: "x"),
            ], isStrict: true)
        #expect(name(table, "c.test") == "default" && name(table, "other.test") == "default")
        #expect(name(table, "d.test") == "y@file")
        #expect(Set(problems.keys) == ["one@file", "two@file", "hostless@file"])
        #expect(problems.values.allSatisfy { $0.contains(where: \.disables) })
    }

    @Test func brokenOptionsCloseTheirHosts() throws {
        let (table, problems) = try build([
            TLSFixture.router("b", ["b.test"], options: "broken"),
            TLSFixture.router("u", ["u.test"], options: "unknown"),
            TLSFixture.router("shared1", ["s.test"], options: "broken"),
            TLSFixture.router("shared2", ["s.test"], options: "x"),
        ])
        #expect(name(table, "b.test") == "closed" && name(table, "u.test") == "closed")
        let hello = ClientHello(serverName: "b.test", protocols: nil, abilities: .all)
        #expect(table.decide(hello).summary == "close")
        // The broken router is not served, so it has no say in what the other one asks for.
        #expect(name(table, "s.test") == "x@file")
        #expect(problems["shared2@file"] == nil)
        #expect(
            problems["b@file"]?.map(\.reason) == [
                "building router handler: building TLS config: invalid CipherSuite: TLS_NOPE"
            ])
        #expect(
            problems["u@file"]?.map(\.reason) == ["building router handler: unknown TLS options: unknown@file"])
        #expect(problems["u@file"]?.allSatisfy(\.disables) == true)
    }

    @Test func brokenDefaultsCloseWhateverNeedsThem() throws {
        var it = fixture()
        it.tlsOptions("default") { $0.minVersion = "VersionTLS99" }
        let routers = [TLSFixture.router("a", ["a.test"]), TLSFixture.router("x", ["x.test"], options: "x")]
        let (table, problems) = TLSTable.build(routers, tls: try it.compile(), isStrict: false)
        #expect(name(table, "a.test") == "closed" && name(table, nil) == "closed" && name(table, "o.test") == "closed")
        #expect(name(table, "x.test") == "x@file")
        #expect(problems["a@file"]?.first?.disables == true && problems["x@file"] == nil)
    }

    @Test func aRouterWithoutHostsCannotHaveOptions() throws {
        var router = TLSFixture.router("p", [], options: "x")
        router.rule = "PathPrefix(`/q`)"
        let (table, problems) = try build([router])
        #expect(name(table, "any.test") == "default")
        #expect(
            problems["p@file"]?.map(\.reason) == [
                "no domain found in rule PathPrefix(`/q`), the TLS option x@file cannot be applied"
            ])
        #expect(problems["p@file"]?.first?.disables == false)
    }

    @Test(
        arguments: [
            (["h2"], "serve"), (["foo"], "noApplicationProtocol"), (["foo", "http/1.1"], "serve"),
            (["http/1.0"], "noApplicationProtocol"), (["acme-tls/1"], "unrecognizedName"), (nil, "serve"),
        ] as [([String]?, String)])
    func protocolsMustAgree(protocols: [String]?, expected: String) throws {
        let (table, _) = try build([])
        let hello = ClientHello(serverName: "a.test", protocols: protocols, abilities: .all)
        let summary = table.decide(hello).summary
        #expect(expected == "serve" ? summary.hasSuffix("default") : summary == expected)
    }
}
