import MartinetCore
import NIOCore
import NIOSSL
import NIOTLS

/// Stands behind the TLS handler of a new connection to a server until the handshake is over and the server's certificate was looked
/// at, then puts the connection in its place. Nothing is sent before.
final class UpstreamHandshake: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    struct Problem {
        var reason: UpstreamError.Reason
        var detail: String
    }

    private let policy: UpstreamTLSPolicy
    private let tls: NIOSSLClientHandler
    private let place: (_ negotiated: String?) -> any ChannelHandler
    private var done: ((Problem?) -> Void)?
    private var context: ChannelHandlerContext?

    /// - Parameters:
    ///   - place: makes what speaks the protocol that ALPN decided on; nil: the server did not say.
    ///   - done: called once, without a problem when that is in its place.
    init(
        policy: UpstreamTLSPolicy, tls: NIOSSLClientHandler,
        place: @escaping (_ negotiated: String?) -> any ChannelHandler,
        done: @escaping (Problem?) -> Void
    ) {
        self.policy = policy
        self.tls = tls
        self.place = place
        self.done = done
    }

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }
    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    /// Ends a handshake that takes longer than so many nanoseconds; 0 for ever.
    func limit(_ nanoseconds: Int64) {
        guard nanoseconds > 0, let context else { return }
        context.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(nanoseconds)) { [self] in
            fail(.connectTimeout, "no TLS handshake within the transport's dialTimeout")
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .some(.handshakeCompleted(let negotiated)) = event as? TLSUserEvent else {
            return context.fireUserInboundEventTriggered(event)
        }
        guard policy.accepts(tls.peerCertificate) else {
            return fail(.tls, "the server's certificate is not for the serverName or the peerCertURI of its transport")
        }
        do {
            try context.pipeline.syncOperations.addHandler(place(negotiated), position: .after(self))
        } catch {
            return fail(.tls, "\(error)")
        }
        _ = context.pipeline.syncOperations.removeHandler(self)
        let done = self.done.take()
        done?(nil)
    }

    /// As in Traefik, a certificate that is not accepted is our refusal (500), anything else the server's (502).
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let text = "\(error)"
        let isOurs = text.contains("CERTIFICATE_VERIFY_FAILED") || error is NIOSSLExtraError
        fail(isOurs ? .tls : .reset, text)
    }

    func channelInactive(context: ChannelHandlerContext) {
        fail(.closed, "the server closed the connection during the handshake")
        context.fireChannelInactive()
    }

    private func fail(_ reason: UpstreamError.Reason, _ detail: String) {
        guard let done = done.take() else { return }
        context?.hangUp(isTLS: true)
        done(Problem(reason: reason, detail: detail))
    }
}
