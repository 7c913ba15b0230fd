import Logging
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import MartinetRedis

@Suite struct RedisHealthTests {
    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
    }

    private struct Handler: LogHandler {
        let lines: Lines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        init(lines: Lines) { self.lines = lines }

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let error = event.metadata?["error"].map { " \($0)" } ?? ""
            lines.all.withLock { $0.append("\(event.message)\(error)") }
        }
    }

    private let loop = MultiThreadedEventLoopGroup.singleton.next()

    /// A server that is reached but answers errors is told of once, and once more when it answers otherwise.
    @Test func complaintsAreToldOnce() async throws {
        let asked = Atomic(0)
        let server = try await ScriptedServer(
            ScriptedServer.greeting { _, _ in
                asked.add(1, ordering: .relaxed).newValue <= 3 ? .bytes("-OOM no memory\r\n") : .bytes(":1\r\n")
            })
        let lines = Lines()
        let client = RedisClient(
            RedisSettings(endpoints: [server.address]), loops: [loop],
            logger: Logger(label: "test") { _ in Handler(lines: lines) }, user: "test")
        for _ in 0..<6 { _ = try await client.send(RedisCommand("PING"), on: loop).get() }
        #expect(
            lines.all.withLock { $0 } == ["Redis cannot be used refused: OOM no memory", "Redis can be used again"])
    }

    @Test(arguments: ["NOSCRIPT No matching script", "MOVED 1 127.0.0.1:1", "ASK 1 127.0.0.1:1"])
    func whatIsNoComplaintIsNotTold(_ answer: String) async throws {
        let server = try await ScriptedServer(ScriptedServer.greeting { _, _ in .bytes("-\(answer)\r\n") })
        let lines = Lines()
        let client = RedisClient(
            RedisSettings(endpoints: [server.address]), loops: [loop],
            logger: Logger(label: "test") { _ in Handler(lines: lines) }, user: "test")
        #expect(try await client.send(RedisCommand("PING"), on: loop).get() == .error(answer))
        #expect(lines.all.withLock { $0 }.isEmpty)
    }
}
