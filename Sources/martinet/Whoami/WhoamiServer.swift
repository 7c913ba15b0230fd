import MartinetHTTP
import NIOCore
import NIOPosix

/// The demo server: tells who asked and how, as the well-known whoami container does.
///
/// `/` and any other path: the request in text. `/api`: the same as JSON. `/health`: 200, or the status last POSTed to it.
/// `/data?size=N&unit=KB|MB|GB`: that many bytes. `/bench`: `1`. `/echo`: a WebSocket that repeats. `?wait=500ms` delays.
struct WhoamiServer {
    var port: Int
    /// Printed in the answers; empty for none.
    var name: String

    /// Serves until the task is cancelled. `ready` is told the port in use. Throws when the port cannot be opened.
    func run(ready: @Sendable (Int) -> Void) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let identity = WhoamiIdentity(name: name)
        let health = HealthStatus()
        do {
            let channel = try await ServerBootstrap(group: group)
                .serverChannelOption(.backlog, value: 1024)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(
                            WhoamiHandler(identity: identity, health: health))
                    }
                }
                .bind(host: "0.0.0.0", port: port).get()
            ready(channel.localAddress?.port ?? port)
            try await withTaskCancellationHandler {
                try await channel.closeFuture.get()
            } onCancel: {
                channel.close(promise: nil)
            }
        } catch {
            try await group.shutdownGracefully()
            throw error
        }
        try await group.shutdownGracefully()
    }
}
