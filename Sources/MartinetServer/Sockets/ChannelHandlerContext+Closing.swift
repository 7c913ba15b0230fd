import NIOCore
import NIOSSL

/// The ends of connections with TLS.
///
/// The TLS library's own close sends `close_notify` and then waits for that of the peer, five seconds for one that does not answer
/// and, on sockets that may be half closed, even for one that has. A connection that is over would hold its socket, its memory and
/// the end of the process for as long. So nothing here goes through that close.
///
/// `isTLS` says whether a TLS handler is to be looked for at all: the pipeline reports that it has none by an error, which costs an
/// allocation.
extension ChannelHandlerContext {
    /// Closes the socket now. With TLS no `close_notify` is sent: what was cut short looks cut short (RFC 8446 §6.1).
    func closeTransport(isTLS: Bool) {
        guard isTLS, let tls = contextOfTLS else { return close(promise: nil) }
        tls.close(promise: nil)
    }

    /// Says goodbye, where there is TLS, and closes the socket without waiting for the peer's.
    ///
    /// For connections whose peer has nothing more to say; one that still sends is answered with a reset.
    func hangUp(isTLS: Bool) {
        guard isTLS, let tls = contextOfTLS else { return close(promise: nil) }
        close(mode: .output, promise: nil)
        tls.close(promise: nil)
    }

    /// The place of the TLS handler, past which a close goes to the socket; nil without TLS.
    private var contextOfTLS: ChannelHandlerContext? {
        try? pipeline.syncOperations.context(handlerType: NIOSSLHandler.self)
    }
}
