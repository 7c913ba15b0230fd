import Logging
import MartinetConfig
import MartinetCore
import NIOCore
import NIOPosix
import NIOSSL

@testable import MartinetServer

/// A proxy on loopback with one event loop, a router for everything, and one server that the test plays.
final class LiveProxy: Sendable {
    private let server: ProxyServer
    private let origin: (any Channel)?
    let port: UInt16

    private init(server: ProxyServer, origin: (any Channel)?, port: UInt16) {
        self.server = server
        self.origin = origin
        self.port = port
    }

    /// Starts a proxy, calls `body` and stops it again.
    /// - Parameters:
    ///   - origin: the server; nil: nobody listens at its address.
    ///   - routing: changes the routes, all of which lead to the service `origin`.
    static func with(
        origin script: ScriptedOrigin?, scheme: String = "http", tls: NIOSSLContext? = nil,
        settings change: (inout EntryPointSettings) -> Void = { _ in },
        routing: (inout RoutingFixture) -> Void = { _ in }, budget: DescriptorBudget? = nil,
        memoryPercent: (@Sendable () -> Int)? = nil, _ body: (LiveProxy) async throws -> Void
    ) async throws {
        let origin = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    try channel.pipeline.syncOperations.addHandler(
                        WireRecorder(answer: script?.connection() ?? { _ in [] }))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let address = "\(scheme)://127.0.0.1:\(origin.localAddress?.port ?? 0)"
        if script == nil { try await origin.close().get() }
        try await with(
            origin: script == nil ? nil : origin, address: address, settings: change, routing: routing, budget: budget,
            memoryPercent: memoryPercent, body)
    }

    /// The same with a server that the test has started already; `address` is its URL.
    static func with(
        address: String, settings change: (inout EntryPointSettings) -> Void = { _ in },
        _ body: (LiveProxy) async throws -> Void
    ) async throws {
        try await with(origin: nil, address: address, settings: change, body)
    }

    private static func with(
        origin: (any Channel)?, address: String, settings change: (inout EntryPointSettings) -> Void,
        routing: (inout RoutingFixture) -> Void = { _ in },
        budget: DescriptorBudget? = nil, memoryPercent: (@Sendable () -> Int)? = nil,
        _ body: (LiveProxy) async throws -> Void
    ) async throws {
        var settings = EntryPointSettings(name: "web", number: 0, host: "127.0.0.1", port: 0)
        // A test on a busy machine may have to wait for its turn for minutes; those of deadlines set their own.
        settings.timeouts.read = 600_000_000_000
        settings.timeouts.idle = 600_000_000_000
        change(&settings)
        let server = ProxyServer(
            entryPoints: [settings], threads: 1, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            accessLog: nil, budget: budget, memoryPercent: memoryPercent)
        try await server.start()
        var fixture = RoutingFixture()
        fixture.router("all", "PathPrefix(`/`)", service: "origin")
        fixture.balancer("origin", [address])
        routing(&fixture)
        var compiler = RoutingFixture.settings()
        compiler.defaultTLS.insecureSkipVerify = true
        try await server.publish(fixture.compile(settings: compiler).entryPoints)
        let proxy = LiveProxy(
            server: server, origin: origin, port: await server.ports()["web"] ?? 0)
        do {
            try await body(proxy)
        } catch {
            try await proxy.stop()
            throw error
        }
        try await proxy.stop()
    }

    private func stop() async throws {
        try await server.stop()
        try await origin?.close().get()
    }

    /// Runs `body` on each event loop.
    func onEach(_ body: @escaping @Sendable (LoopContext) -> Void) async throws { try await server.loops.onEach(body) }

    /// Has connections end as when the process does; the proxy goes on.
    func stopAccepting() async throws {
        try await server.loops.onEach { loop in
            for connection in Array(loop.connections.values) { connection.stopAccepting() }
        }
    }

    struct HTTP2State: Sendable {
        let openStreams: Int
        let waitingBytes: Int
    }

    /// What the HTTP/2 connections of clients hold, those left out that are over and wait for their client to close.
    func http2Connections() async throws -> [HTTP2State] {
        let states = Collected<HTTP2State>()
        try await server.loops.onEach { loop in
            for case let connection as HTTP2Connection in loop.connections.values where !connection.isOver {
                states.append(
                    HTTP2State(openStreams: connection.openStreams, waitingBytes: connection.waitingBytes))
            }
        }
        return states.all
    }

    /// What the proxy knows of its own state.
    var overload: OverloadGuard { server.overload }

    /// Returns when that holds of the proxy's state; throws after the ``patience`` of tests.
    func waitUntil(_ holds: @escaping (OverloadGuard) -> Bool) async throws {
        let end = NIODeadline.now() + patience
        while !holds(overload) {
            guard NIODeadline.now() < end else { throw WireRecorder.Missing(received: "\(overload.level)") }
            // Each turn of the event loop may be the one.
            await server.respond()
        }
    }

    /// Returns when no client is connected any more.
    func waitUntilEmpty() async throws { try await waitUntil { $0.clientConnections == 0 } }

    /// A client's connection, which says `first` at once.
    func connect(sending first: String = "") async throws -> WireRecorder {
        let recorder = WireRecorder(first: first)
        _ = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { $0.pipeline.addHandler(recorder) }
            .connect(host: "127.0.0.1", port: Int(port)).get()
        return recorder
    }

    /// So many clients, one after the other: each says `text` once it is connected, and `then` is done with it and its number, from
    /// 1, before the next comes.
    func connect(
        _ count: Int, sending text: String, then: (Int, WireRecorder) async throws -> Void = { _, _ in }
    ) async throws -> [WireRecorder] {
        var clients: [WireRecorder] = []
        for number in 1...count {
            let client = try await connect()
            try await client.send(text)
            try await then(number, client)
            clients.append(client)
        }
        return clients
    }
}
