import Logging
import MartinetConfig
import MartinetCore
import MartinetHTTP
import NIOCore
import NIOPosix
import Testing

@testable import MartinetServer

/// Checks of servers that the test plays.
@Suite struct HealthProbeTests {
    /// Checks the server at `url` until it has been asked twice: by then the first answer has been dealt with.
    ///
    /// - Parameter asked: an element for each request that has come.
    private func check(
        _ url: String, asked: AsyncStream<String>, _ check: HealthCheckOptions
    ) async throws -> (isUp: Bool, request: String) {
        var fixture = RoutingFixture()
        fixture.balancer("s", [url]) { options in
            var check = check
            check.interval = .milliseconds(1)
            options.loadBalancer?.healthCheck = check
        }
        let targets = fixture.compile().healthChecks
        let server = ProxyServer(
            entryPoints: [], threads: 1, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            accessLog: nil)
        try await server.check(targets)
        var requests = asked.makeAsyncIterator()
        let first = await requests.next() ?? ""
        _ = await requests.next()
        try await server.stop()
        return (targets.first?.state.isUp ?? false, first)
    }

    private func checkHTTP(
        _ check: HealthCheckOptions = HealthCheckOptions(), answering reply: @escaping @Sendable (String) -> String
    ) async throws -> (isUp: Bool, request: String) {
        let (asked, note) = AsyncStream.makeStream(of: String.self)
        let origin = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        WireRecorder { received in
                            guard let head = received.takeHead() else { return [] }
                            note.yield(head)
                            return [.text(reply(head))]
                        })
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let outcome = try await self.check("http://127.0.0.1:\(origin.localAddress?.port ?? 0)", asked: asked, check)
        try await origin.close().get()
        return outcome
    }

    private static func answer(_ status: String, _ lines: String = "") -> String {
        "HTTP/1.1 \(status)\r\nContent-Length: 0\r\n\(lines)\r\n"
    }

    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            ("200 OK", 0, true), ("302 Found", 0, true), ("404 Not Found", 0, false), ("500 Oops", 0, false),
            ("418 Teapot", 418, true), ("200 OK", 418, false),
        ])
    func judgesByTheStatus(status: String, expected: Int, isUp: Bool) async throws {
        var check = HealthCheckOptions()
        check.status = expected
        let outcome = try await checkHTTP(check) { _ in Self.answer(status) }
        #expect(outcome.isUp == isUp)
    }

    @Test(.timeLimit(.minutes(1))) func asksAsTheOptionsSay() async throws {
        var check = HealthCheckOptions()
        check.path = "/health?deep=1"
        check.method = "HEAD"
        check.hostname = "check.test"
        check.headers = ["X-Probe": "1"]
        let outcome = try await checkHTTP(check) { _ in Self.answer("200 OK") }
        #expect(outcome.isUp)
        #expect(outcome.request.hasPrefix("HEAD /health?deep=1 HTTP/1.1\r\nHost: check.test\r\n"))
        #expect(outcome.request.contains("X-Probe: 1\r\n"))
        #expect(!outcome.request.contains("X-Forwarded-For"))
    }

    @Test(.timeLimit(.minutes(1))) func followsRedirectionsOnTheSameServer() async throws {
        let outcome = try await checkHTTP { head in
            head.hasPrefix("GET /other") ? Self.answer("500 Oops") : Self.answer("302 Found", "Location: other\r\n")
        }
        #expect(!outcome.isUp)
    }

    @Test(.timeLimit(.minutes(1)), arguments: [([8, 1], "0", true), ([8, 2], "0", false), ([8, 1], "14", false)])
    func asksGRPCServers(message: [UInt8], status: String, isUp: Bool) async throws {
        let (asked, note) = AsyncStream.makeStream(of: String.self)
        let origin = try await ScriptedHTTP2Server.start { turn, event in
            switch event {
            case .request:
                let head = turn.takeRequest()
                note.yield("\(head.pathString) \(head.headers.string(.contentType) ?? "")")
            case .data(let id, _, end: true), .end(let id, _):
                var fields = HeaderBlock()
                fields.add(.grpcStatus, status)
                let body = [0, 0, 0, 0, UInt8(message.count)] + message
                turn.answer(id, body: String(decoding: body, as: UTF8.self), trailers: TrailerSection(fields))
            default: break
            }
        }
        var check = HealthCheckOptions()
        check.mode = "grpc"
        let outcome = try await self.check("http://127.0.0.1:\(origin.port)", asked: asked, check)
        #expect(outcome.request == "/grpc.health.v1.Health/Check application/grpc")
        #expect(outcome.isUp == isUp)
        try await origin.stop()
    }
}
