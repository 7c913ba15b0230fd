import MartinetConfig
import MartinetCore
import Testing

@testable import MartinetServer

/// What is known of servers outlives a configuration, and so do their health checks.
@Suite struct ServiceReuseTests {
    private func fixture(_ urls: [String], _ change: (inout LoadBalancerOptions) -> Void = { _ in }) -> RoutingFixture {
        var it = RoutingFixture()
        it.balancer("s", urls) { options in
            options.loadBalancer?.healthCheck = HealthCheckOptions()
            if var balancer = options.loadBalancer {
                change(&balancer)
                options.loadBalancer = balancer
            }
        }
        return it
    }

    @Test func aServerThatIsDownStaysDownWhenAnotherIsAdded() throws {
        let before = fixture(["http://a", "http://b"]).compile()
        before.healthChecks[0].state.set(isUp: false)
        let after = fixture(["http://b", "http://c", "http://a"]).compile(previous: before)
        #expect(
            after.runtime.services["s@file"]?.serverStatus == ["http://a": "DOWN", "http://b": "UP", "http://c": "UP"])
    }

    @Test func checksThatDidNotChangeAreTheSameObjects() {
        let before = fixture(["http://a", "http://b"]).compile()
        let after = fixture(["http://b", "http://c"]).compile(previous: before)
        #expect(after.healthChecks.map(\.url) == ["http://b", "http://c"])
        #expect(after.healthChecks[0] === before.healthChecks[1])
        let again = fixture(["http://b", "http://c"]).compile(previous: after)
        #expect(zip(again.healthChecks, after.healthChecks).allSatisfy { $0 === $1 })
    }

    @Test func aCheckOfOtherOptionsIsAnotherOneOfTheSameServer() {
        let before = fixture(["http://a"]).compile()
        before.healthChecks[0].state.set(isUp: false)
        let after = fixture(["http://a"]) { $0.healthCheck?.path = "/health" }.compile(previous: before)
        #expect(after.healthChecks[0] !== before.healthChecks[0])
        #expect(after.healthChecks[0].state === before.healthChecks[0].state)
        #expect(!after.healthChecks[0].state.isUp)
    }

    @Test func withoutItsCheckAServerIsUp() {
        let before = fixture(["http://a"]).compile()
        before.healthChecks[0].state.set(isUp: false)
        let after = fixture(["http://a"]) {
            $0.healthCheck = nil
            $0.strategy = "p2c"
        }.compile(previous: before)
        #expect(after.healthChecks.isEmpty)
        #expect(after.runtime.services["s@file"]?.serverStatus == ["http://a": "UP"])
    }

    @Test func aServiceThatGoesTakesItsChecksAlong() {
        let before = fixture(["http://a"]).compile()
        #expect(RoutingFixture().compile(previous: before).healthChecks.isEmpty)
        var weighted = RoutingFixture()
        weighted.weighted("s", [])
        #expect(weighted.compile(previous: before).healthChecks.isEmpty)
    }

    @Test func requestsUnderWayAreKnownToTheNextConfiguration() throws {
        let before = fixture(["http://a", "http://b"]) { $0.strategy = "p2c" }.compile()
        before.healthChecks[0].state.begin()
        let after = fixture(["http://a", "http://b", "http://c"]) { $0.strategy = "p2c" }.compile(previous: before)
        #expect(after.healthChecks.map(\.state.inFlight) == [1, 0, 0])
    }
}
