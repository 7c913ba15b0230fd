import MartinetHTTP
import NIOCore

/// Our end of an HTTP/2 connection, whichever side we are on: the session, and the way of its bytes from and to the socket.
///
/// ```
///  socket ─► read ─► session ─► events
///  socket ◄─ output ◄─ session ◄─ write, send
/// ```
///
/// A class to inherit from, like ``UpstreamExchange``: what events mean is known to the heirs, and nothing is allocated or
/// dispatched for going through it. Everything happens on the connection's event loop.
class HTTP2Endpoint {
    final let loop: LoopContext
    final let output: SocketOutput
    final var session: HTTP2Session
    final var context: ChannelHandlerContext?
    final private(set) var isWritable = true
    /// Nothing is read or written any more.
    final private(set) var isOver = false
    /// Bytes read but not yet understood.
    private final var input: ByteBuffer?
    private final var isReading = false
    private final var isFlushPlanned = false
    /// Whether the session waits to hear that what it has written so far has left.
    private final var isMarked = false

    init(loop: LoopContext, role: HTTP2Role, limits: HTTP2Limits) {
        self.loop = loop
        output = SocketOutput(loop: loop)
        session = HTTP2Session(role: role, limits: limits)
    }

    /// Begins with our SETTINGS. `direct` and `stallLimit` as of ``SocketOutput/open(_:direct:stallLimit:)``.
    final func start(_ context: ChannelHandlerContext, direct: Bool, stallLimit: UInt64 = 0) {
        self.context = context
        output.open(context, direct: direct, stallLimit: stallLimit)
        write { session, out in session.start(into: &out) }
        output.flush()
    }

    /// Ends reading and writing for good.
    final func stop() {
        isOver = true
        output.close()
        input = nil
    }

    final func writabilityChanged(_ context: ChannelHandlerContext) {
        isWritable = context.channel.isWritable
        output.writabilityChanged(isWritable)
    }

    // MARK: Reading

    /// Whether part of a frame has come, and the rest not yet.
    final var holdsPartialFrame: Bool { input != nil }

    /// Hands what was read to the session, and what that makes of it to `handle`. Returns whether it did: not while a read is in
    /// progress, which goes on with these bytes, too.
    @inline(__always)
    @discardableResult
    final func read(_ bytes: inout ByteBuffer, _ handle: (HTTP2Event) -> Void) -> Bool {
        input.appendRead(&bytes)
        session.advance(to: loop.coarseUptime)
        guard !isReading, var bytes = input.take() else { return false }
        isReading = true
        defer { isReading = false }
        while !isOver {
            var out = output.take()
            let event = session.next(&bytes, &out)
            output.put(consume out)
            if case .needMore = event { break }
            handle(event)
        }
        if bytes.readableBytes > 0, !isOver { input = bytes }
        return true
    }

    // MARK: Writing

    /// Lets `body` write with the session into the output.
    @inline(__always)
    final func write<Value>(_ body: (inout HTTP2Session, inout ByteBuffer) -> Value) -> Value {
        var out = output.take()
        let value = body(&session, &out)
        output.put(consume out)
        return value
    }

    /// Sends as much of `chunk` as the windows let through, large pieces without copying. `end`: the stream ends behind it.
    final func send(_ chunk: inout ByteBuffer, on id: HTTP2StreamID, end: Bool) {
        guard !isOver else { return }
        while chunk.readableBytes > 0 {
            let left = chunk.readableBytes
            guard let count = write({ $0.writeDataHeader(id, available: left, end: end, into: &$1) }),
                let piece = chunk.readSlice(length: count)
            else { return }
            output.append(piece)
        }
    }

    /// Sends what was written: at once with a single stream, else together with what other streams write in this tick of the event
    /// loop. One TLS record and one system call for all of them: with ten small answers at a time a third of the CPU. A read in
    /// progress is followed by a flush anyway.
    final func flush(streams: Int) {
        guard !isReading, !isFlushPlanned, !isOver else { return }
        guard streams > 1 else { return flushNow() }
        isFlushPlanned = true
        loop.eventLoop.assumeIsolated().execute { [self] in
            isFlushPlanned = false
            if !isOver { flushNow() }
        }
    }

    private final func flushNow() {
        output.flush()
        guard output.isBehind else { return session.outputFlushed() }
        guard !isMarked, session.markOutput() else { return }
        isMarked = true
        output.whenSent { [self] in
            isMarked = false
            session.markedOutputFlushed()
        }
    }
}
