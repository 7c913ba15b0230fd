import MartinetCore
import MartinetHTTP
import NIOCore

/// The first handler of an accepted connection: looks at its first bytes and puts what speaks their protocol in its place.
///
/// ```
///  PROXY header         ─► taken off, only where the entry point has the option; then one of:
///  0x16 …               ─► ClientHello ─► NIOSSLServerHandler + TLSHandshake ─► HTTP/2 or HTTP/1, by ALPN
///  PRI * HTTP/2.0 …     ─► HTTP2Connection (prior knowledge, RFC 9113 §3.3)
///  anything else        ─► HTTP1Connection
/// ```
///
/// Gone with the first bytes, so that it costs requests nothing.
final class ConnectionStart: ChannelInboundHandler, RemovableChannelHandler, ClientConnection {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let loop: LoopContext
    private let entryPoint: EntryPoint
    private var info: ConnectionInfo
    /// Whether a PROXY header may still come.
    private var awaitsProxyHeader: Bool
    private var context: ChannelHandlerContext?
    private var input: ByteBuffer?
    private var hello = ClientHelloReader()
    private(set) var deadline = UInt64.max
    /// Whether it is only told that there is no place for it.
    private let isRefused: Bool
    private let acceptedAt: UInt64
    private var isEnding = false

    /// Longest wait for the rest of a ClientHello, in nanoseconds, unless `readTimeout` is shorter. As for the rest of the handshake
    /// (``TLSHandshake``): a client needs one round trip each.
    private static let longestHello: UInt64 = 10_000_000_000
    /// How long a refused connection is kept for its request to come, and then for the answer to leave.
    private static let refusalPatience: UInt64 = 1_000_000_000

    private static let preface: StaticString = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

    /// - Parameter isRefused: there is no place for it: its request is answered with 503, unread.
    init(loop: LoopContext, entryPoint: EntryPoint, info: ConnectionInfo, isRefused: Bool = false) {
        self.isRefused = isRefused
        acceptedAt = loop.coarseUptime
        self.loop = loop
        self.entryPoint = entryPoint
        self.info = info
        awaitsProxyHeader = entryPoint.settings.proxyProtocol != nil
    }

    // MARK: Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        let limit = entryPoint.settings.timeouts.read
        if limit > 0 { deadline = acceptedAt &+ limit }
        if isRefused { deadline = min(deadline, acceptedAt &+ Self.refusalPatience) }
        loop.add(self, isCounted: true)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        loop.remove(self)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard self.context != nil else { return context.fireChannelRead(data) }
        guard !isEnding else { return }
        var bytes = unwrapInboundIn(data)
        input.appendRead(&bytes)
        if awaitsProxyHeader, !takeProxyHeader() { return }
        if let input, input.readableBytes > 0 { decide(input, context) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        loop.remove(self)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // Nothing whole has come, and nothing more will.
        if case .some(.inputClosed) = event as? ChannelEvent { close() }
    }

    // MARK: PROXY header

    /// Takes the header, if there is one, off what came. False: wait for more, or the connection is closed.
    ///
    /// As Traefik does, headers of peers that are not trusted are taken off, too: no request may begin with one. Unlike Traefik
    /// this waits for a header that comes in pieces.
    private func takeProxyHeader() -> Bool {
        guard let options = entryPoint.settings.proxyProtocol else { return true }
        switch input?.withUnsafeReadableBytes(ProxyProtocolHeader.read) ?? .needsMore {
        case .needsMore: return false
        case .malformed:
            close()
            return false
        case .none: break
        case .header(let source, let length):
            input?.moveReaderIndex(forwardBy: length)
            if let source, options.insecure || options.trusted.contains(info.peer) {
                info = ConnectionInfo(
                    peer: source.address, peerPort: source.port, entryPoint: info.entryPoint,
                    localPort: info.localPort, isTLS: info.isTLS)
            }
        }
        awaitsProxyHeader = false
        return true
    }

    // MARK: Decision

    private func decide(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        if isRefused { return answerRefusal(bytes, context) }
        switch hello.read(bytes) {
        case .needsMore: deadline = min(deadline, acceptedAt &+ Self.longestHello)
        case .hello(let hello): startTLS(hello, context)
        case .refused(let alert): refuse(alert, context)
        case .notTLS: startPlain(bytes, context)
        }
    }

    private func startPlain(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        let begins = bytes.withUnsafeReadableBytes { zip($0, Self.preface.bytes).allSatisfy { $0 == $1 } }
        guard begins else {
            return install(
                HTTP1Connection(loop: loop, entryPoint: entryPoint, info: info, acceptedAt: acceptedAt), in: context)
        }
        guard bytes.readableBytes >= Self.preface.utf8CodeUnitCount else { return }
        install(HTTP2Connection(loop: loop, entryPoint: entryPoint, info: info), in: context)
    }

    /// The cheapest word there is: nothing is parsed, and nobody makes a TLS handshake only to hear it.
    private func answerRefusal(_ bytes: ByteBuffer, _ context: ChannelHandlerContext) {
        guard bytes.getInteger(at: bytes.readerIndex, as: UInt8.self) != 0x16,
            !bytes.withUnsafeReadableBytes({ zip($0, Self.preface.bytes).allSatisfy { $0 == $1 } })
        else { return close() }
        isEnding = true
        input = nil
        context.writeAndFlush(NIOAny(ByteBuffer(staticString: Self.refusal)), promise: nil)
        // What the client still sends is awaited for a moment: a reset could erase the answer before it is read.
        context.close(mode: .output, promise: nil)
        deadline = loop.coarseUptime &+ Self.refusalPatience
    }

    private static let refusal: StaticString = """
        HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 19\r\n\
        Retry-After: 1\r\nConnection: close\r\n\r\nService Unavailable
        """

    private func startTLS(_ hello: ClientHello, _ context: ChannelHandlerContext) {
        guard let table = loop.tlsTable(of: entryPoint) else { return close() }
        switch table.decide(hello, localAddress: context.channel.localAddress.map(IPAddress.init)) {
        case .serve(let policy, let certificate):
            let chain = ShownChain()
            guard let handler = try? policy.makeHandler(for: certificate, noting: chain) else { return close() }
            let secured = ConnectionInfo(
                peer: info.peer, peerPort: info.peerPort, entryPoint: info.entryPoint, localPort: info.localPort,
                isTLS: true)
            // Only the access log asks for the suite.
            let watcher = loop.accessLog == nil ? nil : ServerHelloWatcher()
            let handshake = TLSHandshake(
                loop: loop, entryPoint: entryPoint, info: secured, policy: policy, handler: handler, chain: chain,
                watcher: watcher)
            install(
                handshake, before: [CiphertextSender(loop: loop)] + (watcher.map { [$0] } ?? []) + [handler],
                in: context)
        case .refuse(let alert):
            refuse(alert, context)
        case .close:
            close()
        }
    }

    private func refuse(_ alert: TLSAlert, _ context: ChannelHandlerContext) {
        input = nil
        context.writeAndFlush(NIOAny(ByteBuffer(bytes: alert.record)), promise: nil)
        context.close(promise: nil)
    }

    /// Puts `handler` in this one's place, with `before` between it and the socket, and lets them read what came. One handler alone
    /// costs no array.
    private func install(
        _ handler: any ChannelHandler, before: [any ChannelHandler] = [], in context: ChannelHandlerContext
    ) {
        guard let bytes = input.take() else { return }
        let pipeline = context.pipeline.syncOperations
        do {
            try pipeline.addHandler(handler, position: .after(self))
            if !before.isEmpty { try pipeline.addHandlers(before, position: .after(self)) }
        } catch {
            return close()
        }
        loop.remove(self)
        context.fireChannelRead(wrapInboundOut(bytes))
        context.fireChannelReadComplete()
        _ = pipeline.removeHandler(self)
    }

    // MARK: ClientConnection

    var use: ConnectionUse { isEnding ? .ending : .beginning(since: acceptedAt) }

    func deadlinePassed(now: UInt64) { close() }
    func stopAccepting() { close() }

    func close() {
        deadline = .max
        input = nil
        context?.close(promise: nil)
    }
}
