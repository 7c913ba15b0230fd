import NIOCore

/// Stands next to the socket, behind the TLS handler, and hands what it writes to the kernel at once.
///
/// The TLS handler flushes each of its writes; the channel would queue it, walk to its end and flush it in a second pass. Only
/// what the kernel does not take goes that way, and whatever is written while the channel still holds bytes. Measured: 1 µs of
/// a request over TLS. It is ``SocketOutput`` for bytes that must be encrypted on their way.
///
/// Belongs to one channel, on its event loop. The handler next to the socket hears of a close before every other (outbound: the
/// request to close, last; inbound: the channel's end, first), so that the descriptor is forgotten in time.
final class CiphertextSender: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var socket = SendingSocket.none
    /// Writes that wait in the channel; later bytes must queue behind them.
    private var waiting = 0

    func handlerAdded(context: ChannelHandlerContext) { socket = SendingSocket(of: context) }

    func handlerRemoved(context: ChannelHandlerContext) { socket = .none }

    func channelInactive(context: ChannelHandlerContext) {
        socket = .none
        context.fireChannelInactive()
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if mode != .input { socket = .none }
        context.close(mode: mode, promise: promise)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard waiting == 0, socket.isUsable else { return queue(data, promise, context) }
        let bytes = unwrapOutboundIn(data)
        // The TLS handler marks the end of what went before by an empty write.
        guard bytes.readableBytes > 0 else { return promise?.succeed(()) ?? () }
        let sent = bytes.withUnsafeReadableBytes { socket.send($0) }
        if sent == bytes.readableBytes {
            promise?.succeed(())
        } else {
            var rest = bytes
            rest.moveReaderIndex(forwardBy: sent)
            queue(NIOAny(rest), promise, context)
        }
    }

    func flush(context: ChannelHandlerContext) {
        // Everything written since the last flush is in the kernel's hands, unless something waits.
        if waiting > 0 || !socket.isUsable { context.flush() }
    }

    /// Hands bytes to the channel. A write that fails has lost its socket: the channel closed it.
    private func queue(_ data: NIOAny, _ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext) {
        guard socket.isUsable else { return context.write(data, promise: promise) }
        waiting += 1
        let followed = promise ?? context.eventLoop.makePromise(of: Void.self)
        followed.futureResult.assumeIsolated().whenComplete { [self] result in
            waiting -= 1
            if case .failure = result { socket = .none }
        }
        context.write(data, promise: followed)
    }
}
