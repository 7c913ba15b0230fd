import MartinetConfig
import MartinetCore
import Testing

@testable import MartinetServer

@Suite struct HealthPlanTests {
    private func planned(_ url: String = "http://a:81/app/", _ change: (inout HealthCheckOptions) -> Void = { _ in })
        -> HealthCheckPlan?
    {
        var it = RoutingFixture()
        it.balancer("s", [url]) { options in
            var check = HealthCheckOptions()
            change(&check)
            options.loadBalancer?.healthCheck = check
        }
        return it.compile().healthChecks.first?.plan
    }

    @Test func defaultsAreTraefiks() throws {
        let plan = try #require(planned())
        #expect(plan.mode == .http)
        #expect(plan.method == "GET")
        #expect(plan.target == "/app/")
        #expect(plan.host == "a:81")
        #expect(plan.status == nil)
        #expect(plan.interval == 30_000_000_000)
        #expect(plan.unhealthyInterval == 30_000_000_000)
        #expect(plan.timeout == 5_000_000_000)
        #expect(plan.followsRedirects)
        #expect(plan.fault == nil)
    }

    @Test(
        arguments: [
            ("", "/app/"), ("/health", "/health"), ("health?x=1", "/app/health?x=1"), ("../up", "/up"),
            ("?q", "/app/?q"),
            ("/a/./b/../c#d", "/a/c"), ("./", "/app/"), ("/../..", "/"), ("/a/..", "/"), ("a:b", "/app/"),
        ])
    func pathsAreRelativeToTheServer(path: String, target: String) {
        let plan = planned { $0.path = path }
        #expect(plan?.target == target || plan?.fault != nil)
    }

    @Test(arguments: ["http://b/health", "//b/health", "mailto:x"])
    func pathsWithAHostAreAFault(path: String) {
        #expect(planned { $0.path = path }?.fault == "health check path must be a relative URL, got: \"\(path)\"")
    }

    @Test(arguments: ["/%zz/x", "/%", "/a%4"])
    func brokenEscapesAreAFault(path: String) {
        #expect(planned { $0.path = path }?.fault == "invalid percent-encoding in the health check's path \"\(path)\"")
        #expect(planned { $0.path = "/%41?\(path)" }?.fault == nil)
    }

    @Test func schemeAndPortCanDiffer() {
        let other = planned {
            $0.scheme = "https"
            $0.port = 8443
        }
        #expect(other?.server.scheme == .https)
        #expect(other?.server.port == 8443)
        #expect(other?.host == "a:8443")
        #expect(other?.server.transport.security != nil)
        #expect(planned("http://a") { $0.scheme = "https" }?.server.port == 443)
        #expect(planned { $0.port = 70_000 }?.fault == "invalid port 70000")
        #expect(planned { $0.scheme = "ftp" }?.fault == "unsupported protocol scheme \"ftp\"")
    }

    @Test func pausesThatAreNoneAreTheDefaults() {
        let plan = planned {
            $0.interval = .zero
            $0.unhealthyInterval = .milliseconds(-1)
            $0.timeout = .zero
        }
        #expect(plan?.interval == 30_000_000_000)
        #expect(plan?.unhealthyInterval == 30_000_000_000)
        #expect(plan?.timeout == 5_000_000_000)
    }

    @Test func gRPCIsAskedOverHTTP2() {
        let plan = planned { $0.mode = "grpc" }
        #expect(plan?.mode == .grpc)
        #expect(plan?.server.scheme == .h2c)
        #expect(plan?.method == "POST")
        #expect(plan?.target == "/grpc.health.v1.Health/Check")
        #expect(plan?.headers.contains(.init(name: "Content-Type", value: "application/grpc")) == true)
    }

    @Test func framingIsNotLeftToTheOptions() {
        let plan = planned { $0.headers = ["Host": "x", "content-length": "5", "X-Own": "1"] }
        #expect(plan?.headers == [.init(name: "X-Own", value: "1")])
    }
}
