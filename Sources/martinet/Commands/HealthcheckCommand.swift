import MartinetConfig
import NIOCore
import NIOPosix

/// `martinet healthcheck`: asks the running proxy's `/ping` with the same configuration; exit status 0 when it is well.
enum HealthcheckCommand {
    static func run(_ arguments: [String]) async -> Int32 {
        let loaded = Console.load(arguments)
        guard loaded.isUsable else {
            for diagnostic in loaded.diagnostics { Console.error(diagnostic.description) }
            return 1
        }
        guard let ping = loaded.configuration.ping else {
            Console.error("Error calling healthcheck: please enable `ping` to use health check")
            return 1
        }
        guard let entryPoint = loaded.configuration.entryPoints[ping.entryPoint], let address = entryPoint.parsedAddress
        else {
            Console.error("Error calling healthcheck: missing entrypoint \(ping.entryPoint)")
            return 1
        }
        let host = address.host.isEmpty ? "127.0.0.1" : address.host
        let url = "http://\(host.contains(":") ? "[\(host)]" : host):\(address.port)/ping"
        do {
            let status = try await head(host: host, port: Int(address.port))
            guard status == 200 else {
                Console.error("Bad healthcheck status: \(status)")
                return 1
            }
            Console.out("OK: \(url)")
            return 0
        } catch {
            Console.error("Error calling healthcheck: \(url): \(error)")
            return 1
        }
    }

    private struct NoAnswer: Error, CustomStringConvertible {
        var description: String { "no HTTP answer within 5 seconds" }
    }

    private static func head(host: String, port: Int) async throws -> Int {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connectTimeout(.seconds(5))
            .connect(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask {
                try await channel.executeThenClose { inbound, outbound in
                    try await outbound.write(
                        ByteBuffer(string: "HEAD /ping HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n"))
                    for try await bytes in inbound {
                        let parts = String(buffer: bytes).split(separator: " ", maxSplits: 2)
                        if parts.count > 1, let status = Int(parts[1]) { return status }
                    }
                    throw NoAnswer()
                }
            }
            group.addTask {
                try await Task.sleep(for: .seconds(5))
                throw NoAnswer()
            }
            defer { group.cancelAll() }
            return try await group.next() ?? 0
        }
    }
}
