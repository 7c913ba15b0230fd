import NIOCore

/// Stands next to the socket, behind the TLS handler, and hands what it writes to the kernel at once.
///
/// The TLS handler flushes each of its writes; the channel would queue it, walk to its end and flush it in a second pass. Only
/// what the kernel does not take goes that way, and whatever is written while the channel still holds bytes. Measured: 1 µs of
/// a request over TLS. It is ``SocketOutput`` for bytes that must be encrypted on their way.
///
/// What is written while something is being read leaves together, behind the last read: session tickets, an answer that needs no
/// server, `close_notify`, and even the end of our direction are one packet.
///
/// Belongs to one channel, on its event loop. The handler next to the socket hears of a close before every other (outbound: the
/// request to close, last; inbound: the channel's end, first), so that the descriptor is forgotten in time.
final class CiphertextSender: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let loop: LoopContext
    private var socket = SendingSocket.none
    /// Writes that wait in the channel; later bytes must queue behind them.
    private var waiting = 0
    /// Between a read and the end of reading, which always follows it.
    private var isReading = false
    /// Written meanwhile.
    private var gathered: ByteBuffer?

    /// Bytes that are gathered at most: from there on copying costs as much as another call.
    private static let gatherLimit = 4096

    init(loop: LoopContext) { self.loop = loop }

    func handlerAdded(context: ChannelHandlerContext) { socket = SendingSocket(of: context) }

    func handlerRemoved(context: ChannelHandlerContext) { forget() }

    func channelInactive(context: ChannelHandlerContext) {
        forget()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReading = true
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        isReading = false
        sendGathered(context)
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        if mode != .input {
            sendGathered(context, thenEnds: mode == .output)
            forget()
        }
        context.close(mode: mode, promise: promise)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard waiting == 0, socket.isUsable else { return queue(data, promise, context) }
        let bytes = unwrapOutboundIn(data)
        // The TLS handler marks the end of what went before by an empty write.
        guard bytes.readableBytes > 0 else { return promise?.succeed(()) ?? () }
        if isReading, bytes.readableBytes + (gathered?.readableBytes ?? 0) <= Self.gatherLimit {
            // Copied, for the TLS handler writes its next bytes to the same memory if it is free by then.
            var before = gathered.take() ?? loop.takeBuffer()
            before.writeImmutableBuffer(bytes)
            gathered = before
            promise?.succeed(())
        } else {
            sendGathered(context)
            send(bytes, promise, context)
        }
    }

    func flush(context: ChannelHandlerContext) {
        // Everything written since the last flush is in the kernel's hands or will be at the end of reading, unless something waits.
        if waiting > 0 || !socket.isUsable { context.flush() }
    }

    /// - Parameter thenEnds: our direction is closed right behind it, so that the kernel can say so in the same packet.
    private func sendGathered(_ context: ChannelHandlerContext, thenEnds: Bool = false) {
        guard let bytes = gathered.take() else { return }
        send(bytes, nil, context, thenEnds: thenEnds)
        if waiting > 0 { context.flush() } else { loop.recycle(bytes) }
    }

    private func send(
        _ bytes: ByteBuffer, _ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext,
        thenEnds: Bool = false
    ) {
        guard waiting == 0 else { return queue(NIOAny(bytes), promise, context) }
        let sent = bytes.withUnsafeReadableBytes { socket.send($0, thenEnds: thenEnds) }
        if sent == bytes.readableBytes {
            promise?.succeed(())
        } else {
            var rest = bytes
            rest.moveReaderIndex(forwardBy: sent)
            queue(NIOAny(rest), promise, context)
        }
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

    private func forget() {
        socket = .none
        gathered = nil
    }
}
