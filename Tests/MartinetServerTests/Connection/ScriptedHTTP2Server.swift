import MartinetHTTP
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// Counts connections, from any thread.
final class ConnectionCounter: Sendable {
    private let count = Atomic(0)

    /// How many were counted before.
    func next() -> Int { count.wrappingAdd(1, ordering: .relaxed).oldValue }
    var value: Int { count.load(ordering: .relaxed) }
}

/// A server's HTTP/2 connections, played by the test: what it does with each event is a closure of its own.
final class ScriptedHTTP2Server: Sendable {
    typealias Script = @Sendable (inout Turn, HTTP2Event) -> Void

    /// What a script has at hand when an event comes.
    struct Turn {
        /// Number of the connection, from 0.
        let connection: Int
        let handler: Handler

        func answer(_ id: HTTP2StreamID, status: UInt16 = 200, body: String = "", trailers: TrailerSection? = nil) {
            var head = ResponseHead()
            head.status = status
            handler.write { session, out in
                let isEmpty = body.isEmpty && trailers == nil
                session.writeResponse(id, head, end: isEmpty, into: &out)
                guard !isEmpty else { return }
                var bytes = ByteBuffer(string: body)
                if bytes.readableBytes > 0 { _ = session.writeData(id, &bytes, end: false, into: &out) }
                session.writeEnd(id, trailers: trailers, into: &out)
            }
        }

        /// The head of a request, after its event.
        func takeRequest() -> RequestHead {
            var head = RequestHead()
            handler.take(&head)
            return head
        }

        func write(_ body: (inout HTTP2Session, inout ByteBuffer) -> Void) { handler.write(body) }
        func close() { handler.close() }
    }

    /// One connection. Guard: used on its channel's event loop only.
    final class Handler: ChannelInboundHandler, @unchecked Sendable {
        typealias InboundIn = ByteBuffer

        private let number: Int
        private let script: Script
        private var session: HTTP2Session
        private var input = ByteBuffer()
        private var output = ByteBuffer()
        private var context: ChannelHandlerContext?

        init(number: Int, limits: HTTP2Limits, script: @escaping Script) {
            self.number = number
            self.script = script
            session = HTTP2Session(role: .server, limits: limits)
        }

        func handlerAdded(context: ChannelHandlerContext) {
            self.context = context
            session.start(into: &output)
            flush()
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var bytes = unwrapInboundIn(data)
            input.writeBuffer(&bytes)
            while true {
                let event = session.next(&input, &output)
                if case .needMore = event { break }
                if case .data(let id, let bytes, _) = event { session.consume(id, bytes.readableBytes, into: &output) }
                var turn = Turn(connection: number, handler: self)
                script(&turn, event)
            }
            flush()
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
        func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

        func take(_ head: inout RequestHead) { session.takeRequest(into: &head) }

        func write(_ body: (inout HTTP2Session, inout ByteBuffer) -> Void) { body(&session, &output) }

        func close() {
            flush()
            context?.close(promise: nil)
        }

        private func flush() {
            guard output.readableBytes > 0 else { return }
            context?.writeAndFlush(NIOAny(output), promise: nil)
            output = ByteBuffer()
            session.outputFlushed()
        }
    }

    private let channel: any Channel
    private let opened: ConnectionCounter
    var port: Int { channel.localAddress?.port ?? 0 }
    /// Connections that were made.
    var connections: Int { opened.value }

    private init(channel: any Channel, opened: ConnectionCounter) {
        self.channel = channel
        self.opened = opened
    }

    /// Starts a server with a proxy before it, calls `body` and stops both. `limits` and `tls` as of ``start(limits:tls:_:)``.
    static func proxied(
        limits: HTTP2Limits = HTTP2Limits(), tls: NIOSSLContext? = nil, _ script: @escaping Script,
        _ body: (LiveProxy, ScriptedHTTP2Server) async throws -> Void
    ) async throws {
        let server = try await start(limits: limits, tls: tls, script)
        let address = "\(tls == nil ? "h2c" : "https")://127.0.0.1:\(server.port)"
        try await LiveProxy.with(address: address) { try await body($0, server) }
        try await server.stop()
    }

    /// - Parameter tls: of the server, whose ALPN must choose `h2`; nil for HTTP/2 from the first byte.
    static func start(
        limits: HTTP2Limits = HTTP2Limits(), tls: NIOSSLContext? = nil, _ script: @escaping Script
    ) async throws -> ScriptedHTTP2Server {
        let opened = ConnectionCounter()
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls { try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls)) }
                    try channel.pipeline.syncOperations.addHandler(
                        Handler(number: opened.next(), limits: limits, script: script))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return ScriptedHTTP2Server(channel: channel, opened: opened)
    }

    func stop() async throws { try await channel.close().get() }
}
