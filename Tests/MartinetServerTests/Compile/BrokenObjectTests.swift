import MartinetConfig
import MartinetCore
import MartinetServer
import Testing

@Suite struct BrokenObjectTests {
    @Test func whatUsesABrokenObjectSaysSo() {
        var it = RoutingFixture()
        it.balancer("s")
        it.router("r", "Host(`r`)", service: "s") { $0.middlewares = ["m"] }
        it.router("free", "Host(`free`)", service: "s")
        let reason = Diagnostic(path: "http.middlewares.m", reason: "unknown option \"prefixs\"")
        it.routing.broken["http.middlewares.m"] = [reason]
        let before = it.compile()
        #expect(
            before.runtime.routers["r@file"]?.errors == [
                "middleware \"m@file\" could not be read: unknown option \"prefixs\""
            ])
        #expect(before.diagnostics.contains(reason))
        #expect(before.route("free") != nil)

        it.routing.broken = [:]
        it.addPrefix("m")
        let after = it.compile(previous: before)
        #expect(after.route("r")?.chain.count == 1)
        #expect(after.diagnostics.isEmpty)
    }

    @Test func namesWhatThisVersionDoesNotServe() {
        var it = RoutingFixture()
        it.routing.configuration.tcp.routers["t"] = TCPRouterOptions()
        it.routing.positions["tcp.routers.t"] = SourcePosition(file: "t.yml", line: 7)
        it.router("tls", "Host(`a`)", service: "noop@internal") { $0.tls = RouterTLSOptions() }
        #expect(
            it.compile().diagnostics.map(\.description) == [
                "t.yml:7: tcp.routers.t@file: tcp.routers are not available in this version",
                "http.routers.tls@file: tls on routers is not available in this version",
            ]
        )
    }
}
