import MartinetCore
import NIOCore
import NIOSSL
import NIOTLS

/// Stands behind the TLS handler until the handshake is over, then puts what speaks the protocol agreed on in its place.
final class TLSHandshake: ChannelInboundHandler, RemovableChannelHandler, ClientConnection {
    typealias InboundIn = ByteBuffer

    private let loop: LoopContext
    private let entryPoint: EntryPoint
    private let info: ConnectionInfo
    private let policy: ServerTLSPolicy
    private let handler: NIOSSLServerHandler
    private let chain: ShownChain
    private let watcher: ServerHelloWatcher?
    private var context: ChannelHandlerContext?
    private(set) var deadline = UInt64.max
    private let began: UInt64

    /// Longest time for a handshake, in nanoseconds, unless `readTimeout` is shorter.
    private static let longest: UInt64 = 10_000_000_000

    /// - Parameters:
    ///   - handler: does the handshake, in front of this.
    ///   - chain: what it learns of the client's chain.
    ///   - watcher: in front of that; nil when nobody asks what was agreed on.
    init(
        loop: LoopContext, entryPoint: EntryPoint, info: ConnectionInfo, policy: ServerTLSPolicy,
        handler: NIOSSLServerHandler, chain: ShownChain, watcher: ServerHelloWatcher?
    ) {
        self.handler = handler
        self.chain = chain
        self.watcher = watcher
        self.loop = loop
        self.entryPoint = entryPoint
        self.info = info
        self.policy = policy
        began = loop.coarseUptime
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        let limit = entryPoint.settings.timeouts.read
        deadline = began &+ (limit > 0 ? min(limit, Self.longest) : Self.longest)
        loop.add(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        loop.remove(self)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .some(.handshakeCompleted(let negotiated)) = event as? TLSUserEvent else {
            return context.fireUserInboundEventTriggered(event)
        }
        let info = infoOfHandshake()
        if let watcher { _ = context.pipeline.syncOperations.removeHandler(watcher) }
        // A protocol of the options that is not HTTP was agreed on: there is nothing here that speaks it.
        guard negotiated.map({ $0 == "h2" || $0.hasPrefix("http/1.") }) ?? true else { return close() }
        let next: any ChannelHandler =
            negotiated == "h2"
            ? HTTP2Connection(loop: loop, entryPoint: entryPoint, info: info, policy: policy)
            : HTTP1Connection(loop: loop, entryPoint: entryPoint, info: info, policy: policy)
        do {
            try context.pipeline.syncOperations.addHandler(next, position: .after(self))
        } catch {
            return close()
        }
        loop.remove(self)
        _ = context.pipeline.syncOperations.removeHandler(self)
    }

    /// Adds what was agreed on, and the client's certificate, which only connections have whose policy asks for one.
    private func infoOfHandshake() -> ConnectionInfo {
        let security = watcher.map {
            ConnectionSecurity(
                version: handler.tlsVersion?.number ?? "unknown", cipherSuite: CipherSuite.name(of: $0.suite))
        }
        let certificate = policy.clientAuthentication == .none ? nil : handler.peerCertificate
        guard security != nil || certificate != nil else { return info }
        return ConnectionInfo(
            peer: info.peer, peerPort: info.peerPort, entryPoint: info.entryPoint, localPort: info.localPort,
            isTLS: true, security: security,
            clientCertificate: certificate.flatMap {
                ClientCertificate($0, issuers: policy.chains.issuers(of: $0, in: chain))
            })
    }

    func channelInactive(context: ChannelHandlerContext) {
        loop.remove(self)
        context.fireChannelInactive()
    }

    /// A handshake that failed; the TLS handler has told the client why.
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.closeTransport(isTLS: true) }

    // MARK: ClientConnection

    var use: ConnectionUse { .beginning(since: began) }

    func deadlinePassed(now: UInt64) { close() }
    func stopAccepting() { close() }

    func close() {
        deadline = .max
        context?.hangUp(isTLS: true)
    }
}
