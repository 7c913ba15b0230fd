import Logging
import MartinetCore
import MartinetMiddlewares
import MartinetServer

/// A whole request over loopback: client and origin are this thread and take turns, the proxy is one event loop beside it.
///
/// The time is that of all three; the allocations are the proxy's, for the other two make none.
final class ProxiedRequest: MicroBenchmark {
    private let server: ProxyServer
    private let client: BlockingSocket
    private let origin: BlockingSocket
    private let request = Array(Samples.request.utf8)
    private let answer = Array((Samples.response + String(repeating: "x", count: 130)).utf8)
    private let endOfHead = Array("\r\n\r\n".utf8)
    private let endOfAnswer = Array("xxxxxxxxxxxxxxxx".utf8)
    /// Whether each exchange so far went as it should.
    private var isWhole = true

    /// - Parameter configuration: makes the routing, given the origin's port.
    init(_ configuration: (UInt16) throws -> ProviderConfiguration) async throws {
        let listener = try BlockingSocket.listening()
        let settings = EntryPointSettings(name: "web", number: 0, host: "127.0.0.1", port: 0)
        server = ProxyServer(
            entryPoints: [settings], threads: 1, logger: Logger(label: "benchmark") { _ in SwiftLogNoOpLogHandler() },
            accessLog: nil)
        let compiled = RoutingCompiler(middlewares: MiddlewareCatalog()).compile(
            inputs: [try configuration(listener.port)], settings: SampleConfiguration.settings)
        guard compiled.diagnostics.isEmpty else {
            throw BenchmarkError(description: "the sample configuration is wrong: \(compiled.diagnostics)")
        }
        try await server.publish(compiled.entryPoints)
        try await server.start()
        client = try BlockingSocket.connected(to: await server.ports()["web"] ?? 0)
        guard client.send(request) else { throw BenchmarkError(description: "the proxy takes no request") }
        origin = try listener.accepted()
        answerOne()
        guard isWhole else { throw BenchmarkError(description: "the first exchange failed") }
    }

    func run(_ count: Int) {
        for _ in 0..<count where isWhole {
            isWhole = client.send(request)
            if isWhole { answerOne() }
        }
        // A broken exchange would be a quick one.
        precondition(isWhole, "the proxy broke an exchange")
    }

    private func answerOne() {
        isWhole = origin.receive(until: endOfHead) && origin.send(answer) && client.receive(until: endOfAnswer)
    }
}
