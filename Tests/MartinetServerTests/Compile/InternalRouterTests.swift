import MartinetConfig
import MartinetCore
import MartinetServer
import Testing

@Suite struct InternalRouterTests {
    @Test func apiAndPingComeBeforeUsersRouters() {
        var settings = RoutingFixture.settings()
        settings.internalRouters = [.api(on: "traefik"), .ping(on: "traefik")]
        let answer = { @Sendable (_: Exchange) in ServiceOutcome.respond }
        let compiler = RoutingCompiler(
            middlewares: MarkFactory(),
            internalServices: [
                "api@internal": LocalService(name: "api@internal", answer: answer),
                "ping@internal": LocalService(name: "ping@internal", answer: answer),
            ]
        )
        var it = RoutingFixture()
        it.router("mine", "PathPrefix(`/`)", service: "api@internal") {
            $0.entryPoints = ["traefik"]
            $0.priority = 9_223_372_036_854_774_807
        }
        let routing = compiler.compile(inputs: [.init(name: "file", routing: it.routing)], settings: settings)
        #expect(routing.route("h", "/api/rawdata", entryPoint: "traefik")?.name == "api@internal")
        #expect(routing.route("h", "/ping", entryPoint: "traefik")?.name == "ping@internal")
        #expect(routing.route("h", "/", entryPoint: "traefik")?.name == "mine@file")
        #expect(routing.runtime.services["api@internal"]?.usedBy == ["api@internal", "mine@file"])
        #expect(routing.diagnostics.isEmpty)
    }

    @Test(arguments: [false, true])
    func internalServicesAreInTheAccessLogOnlyIfThatIsAskedFor(logs: Bool) {
        var settings = RoutingFixture.settings()
        settings.internalRouters = [.ping(on: "traefik")]
        settings.logsInternalServices = logs
        let compiler = RoutingCompiler(
            middlewares: MarkFactory(),
            internalServices: ["ping@internal": LocalService(name: "ping@internal") { _ in .respond }])
        var it = RoutingFixture()
        it.router("mine", "Path(`/mine`)", service: "ping@internal") { $0.entryPoints = ["traefik"] }
        it.router("theirs", "Path(`/theirs`)", service: "noop@internal") { $0.entryPoints = ["traefik"] }
        let routing = compiler.compile(inputs: [.init(name: "file", routing: it.routing)], settings: settings)
        for path in ["/ping", "/mine", "/theirs"] {
            #expect(routing.route("h", path, entryPoint: "traefik")?.logsAccess == logs)
        }
    }

    @Test(
        arguments: [
            ("http://a", "a", 80, ""),
            ("http://A.b:8080/x/y/", "A.b", 8080, "/x/y"),
            ("https://[::1]:9/", "::1", 9, ""),
            ("h2c://[fe80::1]", "fe80::1", 80, ""),
            ("http://u:p@host:1?q#f", "host", 1, ""),
        ] as [(String, String, UInt16, String)])
    func readsServerURLs(url: String, host: String, port: UInt16, path: String) throws {
        let address = try ServerAddress(url)
        #expect(address.host == host)
        #expect(address.port == port)
        #expect(address.path == path)
    }

    @Test(arguments: [
        "", "a", "http:/a", "ftp://a", "http://", "http://a:99999", "http://a:0", "http://[::1", "http://a b",
        "http://[]x",
    ])
    func refusesBadServerURLs(url: String) {
        #expect(throws: (any Error).self) { try ServerAddress(url) }
    }
}
