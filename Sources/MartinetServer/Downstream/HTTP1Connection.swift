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
/// Everything happens on the connection's event loop. The file holds the state and the channel's events; reading requests,
/// the chain, the server's side and the answer are extensions beside it.
final class HTTP1Connection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    enum Phase {
        /// Between requests.
        case idle
        /// Part of a request head has arrived.
        case head
        /// A request is being served.
        case exchange
        /// The answer is written, the rest of the request body is being thrown away.
        case draining
        case tunnel
        /// The last answer is written; what still arrives is thrown away until the client closes.
        case closing
        case closed
    }

    /// What the exchange is waiting for before it can go on.
    enum Wait: Equatable {
        case nothing
        case middleware(Int)
        case service
        /// The request body, for the middleware at this index.
        case body(Int)
        /// A pause before another attempt.
        case retry
        /// A connection to a server.
        case connection
    }

    let loop: LoopContext
    let entryPoint: EntryPoint
    let info: ConnectionInfo
    var context: ChannelHandlerContext?
    var phase = Phase.idle
    /// Uptime in nanoseconds after which ``deadlinePassed(now:)`` is called; `max` for none.
    var deadline = UInt64.max
    private let connectedAt: UInt64
    private(set) var requestsServed = 0
    private var isStopping = false
    /// The client has closed its direction: what is in `input` is the last of it.
    private(set) var inputEnded = false
    var isAdvancing = false

    // MARK: Reading

    var input: ByteBuffer?
    var parser: HTTP1RequestParser
    private(set) var readsPaused = false

    // MARK: The exchange

    var exchange: Exchange?
    var route: Route?
    var figures = ExchangeFigures()
    var decoder = HTTP1BodyDecoder(framing: .none)
    var requestBodyDone = true
    var wait = Wait.nothing
    /// Changes with each exchange and each attempt, so that late callbacks know they are late.
    var generation: UInt64 = 0
    var upstream: UpstreamConnection?
    /// Connections that servers have authenticated (NTLM, Negotiate): they serve this client only and never go to a pool.
    var ownUpstreams: [UpstreamConnection] = []
    /// When the server was chosen, of several attempts for the last one; 0 while none was, or without an access log.
    var upstreamStarted: UInt64 = 0
    /// Whether the request head went out to a server, so that body pieces may follow.
    var sendingBody = false
    /// The body collected for a middleware.
    var collected: ByteBuffer?
    var collectLimit: Int?
    /// What was sent of the body, for another attempt.
    var replay: [ByteBuffer] = []
    var replayBytes = 0
    /// The request as a retrying middleware saw it.
    var snapshots: [RequestSnapshot] = []
    var continueSent = false
    var drained = 0

    // MARK: The answer

    let output: SocketOutput
    /// Whether the channel has room for more.
    private(set) var isWritable = true
    var headWritten = false
    /// Trailer lines of the server's answer.
    var responseTrailers: TrailerSection?
    var responseDone = false
    var responseFraming = BodyFraming.none
    /// The head waits for a transform's decision.
    var headHeld = false
    var responseKeepAlive = true
    /// Calls of `call` under way; they are given up with the exchange.
    var calls: [SubrequestCall] = []

    init(loop: LoopContext, entryPoint: EntryPoint, info: ConnectionInfo) {
        self.loop = loop
        self.entryPoint = entryPoint
        self.info = info
        self.parser = HTTP1RequestParser(limits: entryPoint.settings.limits)
        self.connectedAt = loop.uptime
        self.output = SocketOutput(loop: loop)
    }

    var settings: EntryPointSettings { entryPoint.settings }

    // MARK: Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        output.open(context, direct: !info.isTLS, stallLimit: settings.timeouts.idle)
        loop.add(self)
        // A client that connects and says nothing has as long as one that is slow to send its head.
        setDeadline(after: settings.timeouts.read)
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
        guard isWritable else {
            upstream?.pauseReading()
            return
        }
        upstream?.resumeReading()
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

    /// The client sends no more. One that has sent its whole request may still be waiting for the answer; one that is gone looks
    /// the same until something is written to it. An answer that has not begun within a second is taken for the latter.
    private func inputClosed() {
        inputEnded = true
        switch phase {
        case .tunnel:
            upstream?.closeOutput()
        case .exchange:
            if requestBodyDone, !headWritten { setDeadline(after: 1_000_000_000) }
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

    func pauseReading() {
        guard !readsPaused else { return }
        readsPaused = true
        context?.setAutoRead(false)
    }

    func resumeReading() {
        guard readsPaused else { return }
        readsPaused = false
        context?.setAutoRead(true)
    }

    // MARK: Deadlines

    func setDeadline(after nanoseconds: UInt64) {
        guard nanoseconds > 0 else {
            deadline = .max
            return
        }
        deadline = loop.coarseUptime &+ nanoseconds
        // The sweep looks four times a second; what is due sooner than that matters gets a timer of its own.
        if nanoseconds < 2_000_000_000 {
            let due = deadline
            loop.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(Int64(nanoseconds))) { [self] in
                guard deadline == due else { return }
                deadlinePassed(now: due)
            }
        }
    }

    func deadlinePassed(now: UInt64) {
        deadline = .max
        switch phase {
        case .idle, .head, .draining, .closing, .tunnel, .closed:
            // Silence is answered with silence: a 408 on an idle connection would be taken for the answer to the next request.
            close()
        case .exchange:
            if !requestBodyDone {
                // The client is too slow with its body; what the server has seen of it is worthless.
                upstream?.abandon()
                upstream = nil
                close()
            } else if let upstream, !headWritten, !upstream.hasAnswered {
                let error = UpstreamError(
                    stage: .exchange, reason: .headerTimeout, peer: upstream.peer,
                    detail: "no answer within the transport's responseHeaderTimeout"
                )
                upstream.abandon()
                self.upstream = nil
                upstreamFailed(error)
            } else {
                close()
            }
        }
    }

    // MARK: Ending

    /// The process is stopping: an unused connection ends now, a busy one after its answer.
    func stopAccepting() {
        isStopping = true
        if phase == .idle { closeAfterWrites(linger: false) }
    }

    func close() {
        guard phase != .closed else { return }
        let wasExchanging = phase == .exchange || phase == .tunnel
        phase = .closed
        output.close()
        if wasExchanging { clientGone() }
        closeOwnUpstreams()
        context?.close(promise: nil)
    }

    /// Closes after what was written has left. With input still unread, our direction is closed first and the rest awaited for a
    /// second: closing at once would send a reset, which can erase the answer before the client has read it.
    func closeAfterWrites(linger: Bool) {
        guard phase != .closed, let context else { return }
        phase = .closing
        input = nil
        flushOut()
        guard !output.isIdle else { return writesLeft(linger: linger) }
        let promise = loop.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { [self] _ in writesLeft(linger: linger) }
        context.writeAndFlush(NIOAny(ByteBuffer()), promise: promise)
    }

    private func writesLeft(linger: Bool) {
        guard phase == .closing, linger, !inputEnded else { return close() }
        context?.close(mode: .output, promise: nil)
        setDeadline(after: 1_000_000_000)
        resumeReading()
    }

    /// Whether the connection may carry another request, by all that is known when the answer's head is written.
    var mayKeepAlive: Bool {
        guard let exchange, exchange.request.keepAlive, !isStopping, !loop.isStopping else { return false }
        if inputEnded, input == nil { return false }
        let limit = settings.keepAliveMaxRequests
        if limit > 0, requestsServed + 1 >= limit { return false }
        let age = settings.keepAliveMaxTime
        if age > 0, loop.uptime &- connectedAt >= age { return false }
        return true
    }

    func countRequest() { requestsServed += 1 }

    private func closeOwnUpstreams() {
        for connection in ownUpstreams { connection.close() }
        ownUpstreams = []
    }
}
