import MartinetCore
import MartinetHTTP
import NIOCore

/// A client's HTTP/1 connection: reads requests one after the other, sends each through its router's chain and on to a server,
/// and writes the answers in order.
///
/// ```
///            first byte          whole head           answer written
///  idle ───────────────► head ───────────────► exchange ───────────► idle, or draining, or closing
///                          │                      │ 101
///                          └─ refused: closing    └──────► tunnel ──► closed
/// ```
///
/// The file holds the channel's events and the writing of answers; reading requests is an extension beside it.
final class HTTP1Connection: ClientStream, ClientConnection, ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    var context: ChannelHandlerContext?
    private let connectedAt: UInt64
    /// Uptime since which it is idle, while it is.
    private var idleSince: UInt64 = 0
    private var isStopping = false
    /// All is written and our direction is closed: only what the client still sends is awaited.
    private var isLingering = false
    /// The client has closed its direction: what is in `input` is the last of it.
    private(set) var inputEnded = false
    var isAdvancing = false

    // MARK: Reading

    var input: ByteBuffer?
    var parser: HTTP1RequestParser
    private(set) var readsPaused = false

    var decoder = HTTP1BodyDecoder(framing: .none)
    var drained = 0

    // MARK: Writing

    let output: SocketOutput
    private var responseKeepAlive = true
    /// Connections that servers have authenticated (NTLM, Negotiate): they serve this client only and never go to a pool.
    private var ownUpstreams: [UpstreamConnection] = []

    /// - Parameters:
    ///   - policy: the TLS options of the connection; nil without TLS.
    ///   - acceptedAt: uptime from which `readTimeout` counts for the first request; nil: from now on.
    init(
        loop: LoopContext, entryPoint: EntryPoint, info: ConnectionInfo, policy: ServerTLSPolicy? = nil,
        acceptedAt: UInt64? = nil
    ) {
        self.parser = HTTP1RequestParser(limits: entryPoint.settings.limits)
        self.connectedAt = acceptedAt ?? loop.uptime
        self.output = SocketOutput(loop: loop)
        super.init(loop: loop, entryPoint: entryPoint, info: info, policy: policy)
    }

    // MARK: Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        output.open(context, direct: !info.isTLS, stallLimit: settings.timeouts.idle)
        loop.add(self)
        // A client that connects and says nothing has as long as one that is slow to send its head.
        setDeadline(after: settings.timeouts.read, from: connectedAt)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        loop.remove(self)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        switch phase {
        case .tunnel:
            forwardTunnel(bytes)
        case .closing, .closed:
            break
        case .idle, .head, .exchange, .draining:
            input.appendRead(&bytes)
            advance()
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        upstream?.flush()
        flushOut()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        isWritable = context.channel.isWritable
        output.writabilityChanged(isWritable)
        guard isWritable else {
            upstream?.pauseReading()
            return
        }
        upstream?.resumeReading()
        resumeHeld()
        // Requests may have waited because the client did not read its answers. Not from within the write that made room.
        guard phase == .idle || phase == .head else { return }
        loop.eventLoop.assumeIsolated().execute { [self] in proceed() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        close()
    }

    func channelInactive(context: ChannelHandlerContext) {
        let wasExchanging = phase == .exchange || phase == .tunnel
        phase = .closed
        output.close()
        if wasExchanging { clientGone() }
        closeOwnUpstreams()
        input = nil
        self.context = nil
        loop.remove(self)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.inputClosed) = event as? ChannelEvent { inputClosed() }
        context.fireUserInboundEventTriggered(event)
    }

    override var isForsaken: Bool { inputEnded }

    /// The client sends no more. One that has sent its whole request may still be waiting for the answer; one that is gone looks
    /// the same until something is written to it. One whose answer has not begun soon is taken for the latter.
    private func inputClosed() {
        inputEnded = true
        switch phase {
        case .tunnel:
            upstream?.closeOutput()
        case .exchange:
            if requestBodyDone, !headWritten { setDeadline(after: settings.timeouts.halfClosed) }
            proceed()
        case .idle, .head, .draining:
            proceed()
        case .closing:
            // The last bytes may still be on their way. If they are not, nobody waits for us any more.
            if output.isIdle { close() }
        case .closed:
            break
        }
    }

    /// Nothing can be done without more input. If none can come, the connection ends.
    func awaitInput() {
        guard inputEnded else { return resumeReading() }
        switch phase {
        case .idle, .head, .draining: closeAfterWrites(linger: false)
        case .exchange: close()
        case .tunnel, .closing, .closed: break
        }
    }

    // MARK: Back-pressure towards the client

    /// Most bytes kept unread while the way on is blocked.
    static let inputLimit = 65536

    override func pauseReading() {
        guard !readsPaused else { return }
        readsPaused = true
        context?.setAutoRead(false)
    }

    override func resumeReading() {
        guard readsPaused else { return }
        readsPaused = false
        context?.setAutoRead(true)
    }

    override func proceed() {
        advance()
        upstream?.flush()
        flushOut()
    }

    // MARK: Writing

    override func emitHead(_ exchange: Exchange, announced: UInt64?) {
        var keepAlive = mayKeepAlive
        if responseFraming == .chunked, exchange.request.version == .http10 {
            responseFraming = .untilClose
            keepAlive = false
        }
        // A client that was never told to go on, or has much left to say, will not be heard out.
        if !requestBodyDone, exchange.request.expectsContinue, !continueSent { keepAlive = false }
        responseKeepAlive = keepAlive
        var out = output.take()
        ResponseHeadWriter.write(
            exchange.response,
            .init(
                version: exchange.request.version, framing: responseFraming, keepAlive: keepAlive,
                announcedLength: announced
            ),
            date: loop.dates.value(wall: DateCache.wallSeconds()),
            into: &out
        )
        output.put(consume out)
    }

    override func emitBody(_ chunk: ByteBuffer) {
        guard responseFraming == .chunked else { return output.append(chunk) }
        var out = output.take()
        HTTP1Writer.writeChunkHeader(chunk.readableBytes, to: &out)
        output.put(consume out)
        output.append(chunk)
        output.append(Chunk.lineEnd)
    }

    override func emitEnd() {
        guard responseFraming == .chunked else { return }
        var out = output.take()
        HTTP1Writer.writeLastChunk(trailers: exchange?.responseTrailers, to: &out)
        output.put(consume out)
    }

    override func emitInterim(_ exchange: Exchange) {
        var out = output.take()
        ResponseHeadWriter.writeInterim(exchange.response, into: &out)
        output.put(consume out)
    }

    override func emitContinue() {
        var out = output.take()
        out.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n")
        output.put(consume out)
        flushOut()
    }

    override func flushOut() { output.flush() }

    override func beginTunnel(_ exchange: Exchange) {
        emitInterim(exchange)
        flushOut()
        resumeReading()
        // What the client sent behind its request was meant for the new protocol.
        if let early = input.take(), early.readableBytes > 0 { forwardTunnel(early) }
    }

    override func emitTunnel(_ bytes: ByteBuffer) { output.append(bytes) }

    override func tunnelEnded() { closeAfterWrites(linger: false) }

    // MARK: From one request to the next

    override func answerEnded() {
        if !responseKeepAlive {
            return closeAfterWrites(linger: !requestBodyDone || (input?.readableBytes ?? 0) > 0)
        }
        if requestBodyDone || decoder.isComplete {
            becomeIdle()
        } else {
            phase = .draining
            drained = 0
            setDeadline(after: 5_000_000_000)
            resumeReading()
        }
        // The next request may have been waiting behind this one.
        if input != nil || inputEnded { proceed() }
    }

    func becomeIdle() {
        phase = .idle
        idleSince = loop.coarseUptime
        requestBodyDone = true
        setDeadline(after: settings.timeouts.idle)
        if (input?.readableBytes ?? 0) <= Self.inputLimit { resumeReading() }
    }

    // MARK: Ending

    var use: ConnectionUse {
        if isLingering { return .ending }
        guard phase == .idle || phase == .head else { return .busy }
        if requestsServed == 0 { return .beginning(since: connectedAt) }
        // What came of the next head is a request under way.
        return phase == .idle ? .idle(since: idleSince) : .busy
    }

    /// The process is stopping: an unused connection ends now, a busy one after its answer.
    func stopAccepting() {
        isStopping = true
        if phase == .idle { closeAfterWrites(linger: false) }
    }

    override func close() {
        guard phase != .closed else { return }
        let wasExchanging = phase == .exchange || phase == .tunnel
        phase = .closed
        output.close()
        if wasExchanging { clientGone() }
        closeOwnUpstreams()
        // An answer that ends here was cut short, and close_notify would say that it is whole.
        if wasExchanging {
            context?.closeTransport(isTLS: info.isTLS)
        } else {
            context?.hangUp(isTLS: info.isTLS)
        }
    }

    /// Closes after what was written has left. With input still unread, our direction is closed first and the rest awaited for a
    /// second: closing at once would send a reset, which can erase the answer before the client has read it. With TLS that is done
    /// always, for what is still unread can be `close_notify` or an acknowledgement of keys, of which we never hear.
    func closeAfterWrites(linger: Bool) {
        guard phase != .closed, let context else { return }
        phase = .closing
        input = nil
        flushOut()
        guard !output.isIdle else { return writesLeft(linger: linger) }
        // Nobody knows whether a few bytes behind TLS have left, and a client that does not read them must not stay for ever.
        if info.isTLS { setDeadline(after: settings.timeouts.idle) }
        let promise = loop.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { [self] _ in writesLeft(linger: linger) }
        context.writeAndFlush(NIOAny(ByteBuffer()), promise: promise)
    }

    /// How long the client's last bytes are waited for, in nanoseconds.
    private static let linger: UInt64 = 1_000_000_000

    private func writesLeft(linger: Bool) {
        guard phase == .closing, info.isTLS || (linger && !inputEnded) else { return close() }
        // With TLS this sends close_notify. Where the client has closed its direction before, it closes the connection.
        context?.close(mode: .output, promise: nil)
        guard phase == .closing else { return }
        isLingering = true
        // Looked at by the sweep alone: a timer of its own would outlive most connections, and keep their memory as long.
        deadline = loop.coarseUptime &+ Self.linger
        resumeReading()
    }

    /// Whether the connection may carry another request, by all that is known when the answer's head is written.
    var mayKeepAlive: Bool {
        guard let exchange, exchange.request.keepAlive, !isStopping, !loop.isStopping, loop.pressure < .closing else {
            return false
        }
        if inputEnded, input == nil { return false }
        let limit = settings.keepAliveMaxRequests
        if limit > 0, requestsServed + 1 >= limit { return false }
        let age = settings.keepAliveMaxTime
        if age > 0, loop.uptime &- connectedAt >= age { return false }
        return true
    }

    // MARK: Servers' connections

    override func ownUpstream(of pool: UpstreamPool) -> UpstreamConnection? {
        ownUpstreams.isEmpty ? nil : ownUpstreams.first { $0.pool === pool && $0.isUsable }
    }

    override func upstreamKept(_ connection: UpstreamConnection) {
        ownUpstreams.removeAll { $0 === connection || !$0.isUsable }
        ownUpstreams.append(connection)
    }

    private func closeOwnUpstreams() {
        for connection in ownUpstreams { connection.close() }
        ownUpstreams = []
    }
}
