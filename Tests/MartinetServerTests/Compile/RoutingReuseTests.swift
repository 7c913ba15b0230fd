import MartinetConfig
import MartinetCore
import MartinetServer
import Testing

@Suite struct RoutingReuseTests {
    @Test func keepsObjectsThatAnUnrelatedChangeDoesNotTouch() throws {
        var it = RoutingFixture()
        it.balancer("s", ["http://10.0.0.1", "http://10.0.0.2"])
        it.balancer("t")
        it.addPrefix("ap")
        it.router("kept", "Host(`kept`)", service: "s") { $0.middlewares = ["ap"] }
        it.router("other", "Host(`other`)", service: "t")
        let before = it.compile()
        it.balancer("t", ["http://10.0.0.9"])
        it.router("new", "Host(`new`)", service: "s")
        let after = it.compile(previous: before)
        let kept = try #require(before.route("kept"))
        let other = try #require(before.route("other"))
        #expect(after.route("kept") === kept)
        #expect(after.route("other") != nil && after.route("other") !== other)
        #expect(after.route("new")?.service === kept.service)
    }

    @Test func rebuildsWhatDependsOnAChange() {
        var it = RoutingFixture()
        it.chain("c", ["late"])
        it.balancer("s")
        it.router("r", "Host(`r`)", service: "s") { $0.middlewares = ["c"] }
        let before = it.compile()
        #expect(before.route("r")?.chain.isEmpty == true)
        it.addPrefix("late")
        let after = it.compile(previous: before)
        #expect(after.route("r")?.chain.count == 1)
        #expect(after.diagnostics.isEmpty)
    }

    @Test func aRouterKeepsItsCountsAsLongAsTheMiddlewareIsTheSame() throws {
        var it = RoutingFixture()
        it.balancer("s")
        it.addPrefix("limit", "count 1")
        it.addPrefix("other", "count 1")
        it.router("a", "Host(`a`)", service: "s") { $0.middlewares = ["limit"] }
        it.router("b", "Host(`b`)", service: "s") { $0.middlewares = ["limit", "other", "limit"] }
        let first = it.compile()
        let a = try #require(first.route("a")?.chain.first)
        let b = try #require(first.route("b")?.chain)
        #expect(Set(([a] + b).map { ObjectIdentifier($0) }).count == 4, "each use counts for itself")

        // The routers change in every way that leaves the middleware alone.
        it.balancer("s", ["http://10.0.0.7"])
        it.router("a", "Host(`a`) || Host(`c`)", service: "s") { $0.middlewares = ["other", "limit"] }
        let second = it.compile(previous: first)
        #expect(second.route("a")?.chain.last === a)
        #expect(zip(second.route("b")?.chain ?? [], b).allSatisfy { $0 === $1 })

        // A router that cannot be built for a while has not lost its counts.
        it.router("a", "Host(", service: "s") { $0.middlewares = ["limit"] }
        let broken = it.compile(previous: second)
        #expect(broken.route("a") == nil)
        it.router("a", "Host(`a`)", service: "s") { $0.middlewares = ["limit"] }
        let repaired = it.compile(previous: broken)
        #expect(repaired.route("a")?.chain.first === a)

        // The middleware changes, and counts anew.
        it.addPrefix("limit", "count 2")
        let third = it.compile(previous: repaired)
        #expect(third.route("a")?.chain.first !== a)
        #expect(third.route("b")?.chain[1] === b[1])

        // A router that went and came back begins anew.
        let kept = try #require(third.route("b")?.chain[1])
        it.routing.configuration.http.routers["b"] = nil
        let without = it.compile(previous: third)
        it.router("b", "Host(`b`)", service: "s") { $0.middlewares = ["other"] }
        let last = it.compile(previous: without)
        #expect(last.route("b")?.chain.first !== kept)
    }

    @Test func aServiceCountsForAllItsRouters() throws {
        var it = RoutingFixture()
        it.addPrefix("limit", "count 1")
        it.balancer("s") { $0.middlewares = ["limit"] }
        it.router("a", "Host(`a`)", service: "s")
        it.router("b", "Host(`b`)", service: "s")
        let first = it.compile()
        let own = try #require(first.route("a")?.chain.first)
        #expect(first.route("b")?.chain.first === own)
        it.balancer("s", ["http://10.0.0.7"]) { $0.middlewares = ["limit"] }
        #expect(it.compile(previous: first).route("b")?.chain.first === own)
    }

    /// Whatever the edits were, compiling on top of the last routing gives what compiling from nothing gives.
    @Test(arguments: 0..<40)
    func incrementalEqualsComplete(seed: UInt64) {
        var random = SplitMix(state: seed)
        var it = RoutingFixture()
        var previous: CompiledRouting?
        let settings = RoutingFixture.settings(models: ["web2": ["m1@file"]])
        for _ in 0..<40 {
            Self.edit(&it, &random)
            let incremental = it.compile(settings: settings, previous: previous)
            let complete = it.compile(settings: settings)
            #expect(Self.summary(incremental) == Self.summary(complete))
            previous = incremental
        }
    }

    private static func edit(_ it: inout RoutingFixture, _ random: inout SplitMix) {
        func any(_ prefix: String) -> String { "\(prefix)\(Int.random(in: 0..<6, using: &random))" }
        let name = any("")
        switch Int.random(in: 0..<9, using: &random) {
        case 0: it.routing.configuration.http.routers["r\(name)"] = nil
        case 1: it.routing.configuration.http.services["s\(name)"] = nil
        case 2: it.routing.configuration.http.middlewares["m\(name)"] = nil
        case 3: it.addPrefix("m\(name)", ["/x", "bad", "ask \(any("s"))"].randomElement(using: &random) ?? "/x")
        case 4: it.chain("m\(name)", [any("m"), any("m")])
        case 5:
            it.balancer("s\(name)", ["http://10.0.0.\(any(""))"]) {
                $0.middlewares = Bool.random(using: &random) ? [any("m")] : []
            }
        case 6: it.weighted("s\(name)", [any("s"), any("s")])
        default:
            it.router("r\(name)", "Host(`h\(any(""))`)", service: Bool.random(using: &random) ? any("s") : "") {
                $0.middlewares = Bool.random(using: &random) ? [any("m"), any("m")] : []
                $0.parentRefs = Bool.random(using: &random) ? [any("r")] : []
                if Int.random(in: 0..<5, using: &random) == 0 { $0.entryPoints = ["zzz", "web"] }
                if Int.random(in: 0..<5, using: &random) == 0 { $0.priority = .max }
            }
        }
    }

    /// Everything about a routing that can be seen from outside, as text.
    private static func summary(_ routing: CompiledRouting) -> [String] {
        var lines = routing.diagnostics.map(\.description)
        for (name, router) in routing.runtime.routers.sorted(by: { $0.key < $1.key }) {
            lines.append("router \(name) \(router.status) \(router.errors) \(router.using) \(router.options)")
        }
        for (name, service) in routing.runtime.services.sorted(by: { $0.key < $1.key }) {
            lines.append(
                "service \(name) \(service.status) \(service.errors) \(service.usedBy) \(service.serverStatus)")
        }
        for (name, middleware) in routing.runtime.middlewares.sorted(by: { $0.key < $1.key }) {
            lines.append("middleware \(name) \(middleware.status) \(middleware.errors) \(middleware.usedBy)")
        }
        for entryPoint in ["web", "web2"] {
            for host in 0..<6 {
                lines.append("\(entryPoint) h\(host) \(describe(routing.route("h\(host)", entryPoint: entryPoint)))")
            }
        }
        return lines
    }

    private static func describe(_ route: Route?) -> String {
        guard let route else { return "-" }
        let chain = route.chain.map { ($0 as? MarkMiddleware)?.name ?? "?" }
        let children = (0..<6).compactMap { route.children?.route("h\($0)")?.name }
        return "\(route.name) \(chain) \(route.serviceName) \(children)"
    }
}

/// A small generator with a seed, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
