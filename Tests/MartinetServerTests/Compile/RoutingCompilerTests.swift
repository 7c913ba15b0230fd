import MartinetConfig
import MartinetCore
import MartinetServer
import Testing

@Suite struct RoutingCompilerTests {
    /// Everything that can be wrong with a router, in one configuration.
    private static let faulty: CompiledRouting = {
        var it = RoutingFixture()
        it.balancer("s1")
        it.balancer("transport") { $0.loadBalancer?.serversTransport = "nope" }
        it.balancer("strategy") { $0.loadBalancer?.strategy = "foo" }
        it.balancer("p2c") { $0.loadBalancer?.strategy = "p2c" }
        it.balancer("tls", ["https://10.0.0.1"])
        it.balancer("url", ["127.0.0.1:1"])
        it.balancer("empty", [])
        it.balancer("two") { $0.weighted = WeightedOptions() }
        it.balancer("guarded") { $0.middlewares = ["absent"] }
        it.weighted("w1", ["w2"])
        it.weighted("w2", ["w1"])
        it.weighted("w4", ["s1", "nope"])
        it.weighted("w5", ["w5"])
        it.addPrefix("ap")
        it.addPrefix("refused", "bad")
        it.addPrefix("later", "later")
        it.addPrefix("asks", "ask guardedByAsks")
        it.balancer("guardedByAsks") { $0.middlewares = ["asks"] }
        it.chain("c1", ["c2"])
        it.chain("c2", ["c1"])
        it.chain("c4", ["absent", "ap"])
        it.routing.configuration.http.middlewares["none"] = Boxed(MiddlewareOptions())
        for service in [
            "s1", "transport", "strategy", "p2c", "tls", "url", "empty", "two", "guarded", "w1", "w4", "w5", "nope",
            "s1@docker",
        ] {
            it.router("service-\(service.replacing("@", with: "-"))", "Host(`\(service)`)", service: service)
        }
        for middleware in ["ap", "refused", "later", "asks", "c1", "c4", "absent", "none"] {
            it.router("middleware-\(middleware)", "Host(`m-\(middleware)`)", service: "s1") {
                $0.middlewares = [middleware]
            }
        }
        it.router("no-service", "Host(`a`)")
        it.router("bad-rule", "Hosty(`a`)", service: "s1")
        it.router("half", "Host(`half`)", service: "s1") { $0.entryPoints = ["zzz", "web"] }
        it.router("nowhere", "Host(`a`)", service: "s1") { $0.entryPoints = ["zzz"] }
        it.router("high", "Host(`a`)", service: "s1") { $0.priority = 9_223_372_036_854_775_000 }
        it.router("negative", "Host(`negative`)", service: "s1") { $0.priority = -5 }
        it.router("noop", "Host(`noop`)", service: "noop@internal")
        return it.compile()
    }()

    @Test(
        arguments: [
            ("service-s1", .enabled, nil),
            (
                "service-transport", .disabled,
                "error building proxy for server URL http://10.0.0.1:80: getting RoundTripper: servers transport not found nope@file"
            ),
            ("service-strategy", .disabled, "unsupported load-balancer strategy \"foo\""),
            ("service-p2c", .enabled, nil),
            ("service-tls", .enabled, nil),
            ("service-url", .disabled, "error parsing server URL 127.0.0.1:1: missing protocol scheme"),
            ("service-empty", .enabled, nil),
            (
                "service-two", .disabled,
                "cannot create service: multi-types service not supported, consider declaring two different pieces of service instead"
            ),
            ("service-guarded", .disabled, "middleware \"absent@file\" does not exist"),
            (
                "service-w1", .disabled,
                "building HTTP service \"w2\": building HTTP service \"w1\": could not instantiate service w1@file: recursion detected in service:w1@file->service:w2@file->service:w1@file"
            ),
            ("service-w4", .disabled, "building HTTP service \"nope\": the service \"nope@file\" does not exist"),
            (
                "service-w5", .disabled,
                "building HTTP service \"w5\": could not instantiate service w5@file: recursion detected in service:w5@file->service:w5@file"
            ),
            ("service-nope", .disabled, "the service \"nope@file\" does not exist"),
            ("service-s1-docker", .disabled, "the service \"s1@docker\" does not exist"),
            ("middleware-ap", .enabled, nil),
            ("middleware-refused", .disabled, "bad prefix"),
            (
                "middleware-later", .disabled,
                "middleware \"later@file\": addPrefix later is not available in this version"
            ),
            ("middleware-asks", .disabled, "recursion detected in middleware asks@file"),
            (
                "middleware-c1", .disabled,
                "could not instantiate middleware c1@file: recursion detected in middleware:c1@file->middleware:c2@file->middleware:c1@file"
            ),
            ("middleware-c4", .disabled, "middleware \"absent@file\" does not exist"),
            ("middleware-absent", .disabled, "middleware \"absent@file\" does not exist"),
            (
                "middleware-none", .disabled,
                "invalid middleware \"none@file\" configuration: invalid middleware type or middleware does not exist"
            ),
            ("no-service", .disabled, "router must have either a service or child routers"),
            ("half", .warning, "entryPoint \"zzz\" doesn't exist"),
            ("nowhere", .disabled, "no valid entryPoint for this router"),
            (
                "high", .disabled,
                "the router priority 9223372036854775000 exceeds the max user-defined priority 9223372036854774807"
            ),
            ("negative", .enabled, nil),
            ("noop", .enabled, nil),
        ] as [(String, ObjectStatus, String?)])
    func showsStatusAndReason(name: String, status: ObjectStatus, reason: String?) {
        let router = Self.faulty.runtime.routers["\(name)@file"]
        #expect(router?.status == status)
        #expect(router?.errors.last == reason)
    }

    @Test func disabledRoutersDoNotMatch() {
        #expect(Self.faulty.route("strategy") == nil)
        #expect(Self.faulty.route("half")?.name == "half@file")
        #expect(Self.faulty.route("negative")?.name == "negative@file")
        #expect(Self.faulty.route("s1", entryPoint: "traefik") == nil)
    }

    /// They may be what asks for a password: no other router is to have the requests.
    @Test func routersWithoutTheirMiddlewaresKeepTheirRequests() {
        let closed = Self.faulty.route("m-c1")
        #expect(closed?.service.name == InternalServices.noChild.name)
        #expect(closed?.chain.isEmpty == true)
    }

    @Test func reportsEachFaultyObjectOnce() {
        let objects = Self.faulty.diagnostics.filter { $0.reason.contains("strategy \"foo\"") }.map(\.path)
        #expect(objects == ["http.routers.service-strategy@file", "http.services.strategy@file"])
    }

    @Test func laysChainsFlatOutsideIn() {
        var it = RoutingFixture()
        for name in ["a", "b", "c", "d", "e"] { it.addPrefix(name) }
        it.chain("inner", ["b", "c"])
        it.chain("outer", ["a", "inner", "a"])
        it.balancer("s") { $0.middlewares = ["e"] }
        it.router("r", "Host(`h`)", service: "s") { $0.middlewares = ["outer", "d"] }
        let chain = it.compile().route("h")?.chain.compactMap { ($0 as? MarkMiddleware)?.name }
        #expect(chain == ["a@file", "b@file", "c@file", "a@file", "d@file", "e@file"])
    }

    @Test func copiesRoutersForEntryPointsWithAModel() {
        var it = RoutingFixture()
        it.addPrefix("ap")
        it.balancer("s")
        it.router("r", "Host(`h`)", service: "s")
        let routing = it.compile(settings: RoutingFixture.settings(models: ["web2": ["ap@file"]]))
        #expect(routing.runtime.routers.keys.sorted() == ["r@file", "web2-r@file"])
        #expect(routing.route("h")?.chain.isEmpty == true)
        #expect(routing.route("h", entryPoint: "web2")?.chain.count == 1)
        #expect(routing.runtime.routers["web2-r@file"]?.options.middlewares == ["ap@file"])
        #expect(routing.runtime.routers["web2-r@file"]?.using == ["web2"])
        #expect(routing.runtime.middlewares["ap@file"]?.usedBy == ["web2-r@file"])
        #expect(routing.runtime.services["s@file"]?.usedBy == ["r@file", "web2-r@file"])
    }

    @Test func childrenDecideBelowTheirParent() throws {
        var it = RoutingFixture()
        it.balancer("s")
        it.router("parent", "Host(`h`)")
        it.router("child", "Path(`/x`)", service: "s") { $0.parentRefs = ["parent"] }
        it.router("misplaced", "Path(`/y`)", service: "s") {
            $0.parentRefs = ["parent"]
            $0.entryPoints = ["web"]
        }
        it.router("a", "Path(`/a`)", service: "s") { $0.parentRefs = ["b"] }
        it.router("b", "Path(`/b`)", service: "s") { $0.parentRefs = ["a"] }
        let routing = it.compile()
        let parent = try #require(routing.route("h", "/x"))
        #expect(parent.name == "parent@file")
        #expect(parent.children?.route("h", "/x")?.name == "child@file")
        #expect(parent.children?.route("h", "/y") == nil)
        #expect(
            routing.runtime.routers["misplaced@file"]?.errors == [
                "non-root router cannot have Entrypoints configuration"
            ])
        #expect(routing.runtime.routers["a@file"]?.errors == ["router is not reachable"])
    }

    @Test func hostileNestingIsRefusedNotFollowed() {
        var it = RoutingFixture()
        for level in 0..<300 { it.weighted("w\(level)", ["w\(level + 1)"]) }
        it.balancer("w300")
        for level in 0..<40 { it.chain("c\(level)", ["c\(level + 1)", "c\(level + 1)"]) }
        it.addPrefix("c40")
        it.router("deep", "Host(`deep`)", service: "w0")
        it.router("wide", "Host(`wide`)", service: "w299") { $0.middlewares = ["c0"] }
        let routing = it.compile()
        #expect(routing.runtime.routers["deep@file"]?.errors.last?.contains("nested more than") == true)
        #expect(routing.runtime.routers["wide@file"]?.errors.last?.contains("has more than 1000 middlewares") == true)
        #expect(routing.runtime.services["w290@file"]?.status == .enabled)
    }
}
