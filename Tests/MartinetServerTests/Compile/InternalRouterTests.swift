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

    @Test func aRedirectionIsARouterWithAMiddlewareOfItsOwn() {
        var options = EntryPointRedirectionOptions()
        options.to = ":8443"
        var settings = RoutingFixture.settings()
        settings.internalRouters = [.redirection(on: "web", to: options.to, port: "8443", options: options)]
        let routing = RoutingCompiler(middlewares: MarkFactory(), internalServices: [:])
            .compile(inputs: [], settings: settings)
        let router = routing.runtime.routers["web-to-8443@internal"]
        #expect(router?.options.rule == "HostRegexp(`^.+$`)")
        #expect(router?.options.priority == 9_223_372_036_854_775_806)
        #expect(router?.options.service == "noop@internal")
        #expect(router?.options.middlewares == ["redirect-web-to-8443@internal"])
        let redirect = routing.runtime.middlewares["redirect-web-to-8443@internal"]?.options.redirectScheme
        #expect(redirect?.scheme == "https")
        #expect(redirect?.port == "8443")
        #expect(redirect?.permanent == true)
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
            ("http://a/é/%41", "a", 80, "/%C3%A9/%41"),
        ] as [(String, String, UInt16, String)])
    func readsServerURLs(url: String, host: String, port: UInt16, path: String) throws {
        let address = try ServerAddress(url)
        #expect(address.host == host)
        #expect(address.port == port)
        #expect(address.path == path)
    }

    @Test(
        "Bad server URLs are refused, and those that Go can read spare the other servers",
        arguments: [
            ("", true), ("a", true), ("http:/a", true), ("//a:1", true), ("localhost:80", true), ("ftp://a", true),
            ("http://", true), ("http://:1", true), ("http://a:99999", true), ("http://a:0", true),
            ("127.0.0.1:80", false), (":1", false), ("http://a:x", false), ("http://[::1", false),
            ("http://a b", false),
            ("http://[]x", false),
        ])
    func refusesBadServerURLs(url: String, sparesOthers: Bool) {
        let failure = #expect(throws: CompilationFailure.self) { try ServerAddress(url) }
        #expect(failure?.sparesOtherServers == sparesOthers)
    }
}
