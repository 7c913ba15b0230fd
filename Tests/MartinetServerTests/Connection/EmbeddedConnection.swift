import MartinetCore
import MartinetHTTP
import NIOCore
import NIOEmbedded

@testable import MartinetServer

/// A client's connection without sockets: bytes in, bytes out, no server behind it. Every request is answered 404, unless there is a
/// route for all of them.
final class EmbeddedConnection {
    let channel = EmbeddedChannel()
    let connection: HTTP1Connection
    private let loop: LoopContext

    /// - Parameters:
    ///   - chain: middlewares before a service that answers 200; nil for no route at all.
    ///   - offload: what takes the work that would hold up the event loop; done at once unless said otherwise.
    init(
        _ change: (inout EntryPointSettings) -> Void = { _ in }, chain: [any HTTPMiddleware]? = nil,
        offload: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void = { $0() }
    ) throws {
        var settings = EntryPointSettings(name: "web", number: 0, host: "", port: 80)
        change(&settings)
        loop = LoopContext(eventLoop: channel.eventLoop, count: 1, hostName: "test", offload: offload)
        if let chain { loop.tables = [try Self.table(chain)] }
        let info = ConnectionInfo(
            peer: IPAddress(v4: 0x7F00_0001), peerPort: 1, entryPoint: "web", localPort: 80, isTLS: false)
        connection = HTTP1Connection(loop: loop, entryPoint: EntryPoint(settings), info: info)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        try channel.pipeline.syncOperations.addHandler(connection)
    }

    private static func table(_ chain: [any HTTPMiddleware]) throws -> EntryPointTable {
        let service = LocalService(name: "local") { exchange in
            exchange.setLocalResponse(200)
            exchange.setLocalBody("\(exchange.request.framing)")
            return .respond
        }
        let route = Route(name: "all", chain: chain, service: service, serviceName: "local")
        let entry = RouteEntry(
            rule: try CompiledRule("PathPrefix(`/`)"), priority: 1, order: 0, name: "all", payload: route)
        return EntryPointTable(plain: RoutingTable([entry]), secure: RoutingTable())
    }

    func send(_ text: String) throws {
        try channel.writeInbound(ByteBuffer(string: text))
        channel.embeddedEventLoop.run()
    }

    /// The client closes its direction.
    func endInput() {
        channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        channel.embeddedEventLoop.run()
    }

    func setWritable(_ writable: Bool) {
        channel.isWritable = writable
        channel.pipeline.fireChannelWritabilityChanged()
        channel.embeddedEventLoop.run()
    }

    /// What was written since the last call.
    func received() throws -> String {
        var text = ""
        while let bytes = try channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: bytes) }
        return text
    }

    /// How many answers were written since the last call.
    func answers() throws -> Int { try received().components(of: "HTTP/1.1 ") }
}

extension String {
    /// How often `part` occurs.
    func components(of part: String) -> Int {
        var count = 0
        var rest = self[...]
        while let range = rest.firstRange(of: part) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}
