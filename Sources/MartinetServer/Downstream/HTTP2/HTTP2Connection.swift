import MartinetCore
import MartinetHTTP
import NIOCore

/// A client's HTTP/2 connection: hands what the session makes of its bytes to one ``HTTP2ClientStream`` a request, and writes what
/// they answer.
///
/// ```
///  socket ─► session ─► streams ─► chains and servers
///  socket ◄─ output ◄─── session ◄──┘
/// ```
///
/// Everything happens on the connection's event loop.
final class HTTP2Connection: HTTP2Endpoint, ChannelInboundHandler, ClientConnection {
    typealias InboundIn = ByteBuffer

    let entryPoint: EntryPoint
    let info: ConnectionInfo
    let policy: ServerTLSPolicy?
    private var streams: [HTTP2StreamID: HTTP2ClientStream] = [:]
    /// Streams that are over, for the next requests. Few: each keeps some memory.
    private var spare: [HTTP2ClientStream] = []
    /// Bytes of answers that wait for the client's windows, of all streams.
    private(set) var waitingBytes = 0
    /// Whether so much waits that each stream gets little more.
    private(set) var isTight = false
    /// Uptime after which a client that does not say that it has heard of the end is no longer waited for; `max` while there is no such
    /// wait.
    private var farewellDeadline = UInt64.max
    /// Uptime after which a connection without streams ends, or one that is over leaves the last of its client unread.
    private var idleDeadline = UInt64.max
    /// Uptime when the frame or the head that is being read began to come; 0 for none.
    private var headSince: UInt64 = 0
    /// Uptime since which there are no streams.
    private var idleSince: UInt64
    private var requestsServed = 0
    private let connectedAt: UInt64
    private var lastProgress: UInt64 = 0
    private var stalledSince: UInt64 = 0
    /// The session's progress after the last read.
    private var progressAtRead: UInt64 = 0

    /// - Parameter policy: the TLS options of the connection; nil without TLS.
    init(loop: LoopContext, entryPoint: EntryPoint, info: ConnectionInfo, policy: ServerTLSPolicy? = nil) {
        self.policy = policy
        self.entryPoint = entryPoint
        self.info = info
        connectedAt = loop.coarseUptime
        idleSince = connectedAt
        super.init(loop: loop, role: .server, limits: entryPoint.settings.http2)
    }

    /// Streams that are open, those included whose answer waits for the client.
    var openStreams: Int { streams.count }

    private var settings: EntryPointSettings { entryPoint.settings }

    // MARK: Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        loop.add(self)
        start(context, direct: !info.isTLS, stallLimit: settings.timeouts.idle)
        idleDeadline = after(settings.timeouts.read)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        loop.remove(self)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else { return }
        var bytes = unwrapInboundIn(data)
        guard read(&bytes, { handle($0) }) else { return }
        if !isReceiving || !session.isReadingHead && session.progress != progressAtRead { headSince = 0 }
        if isReceiving, headSince == 0 { headSince = loop.coarseUptime }
        progressAtRead = session.progress
        endIfDrained()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        for stream in streams.values { stream.flushUpstream() }
        flush()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        writabilityChanged(context)
        for stream in Array(streams.values) { stream.writabilityChanged() }
        if isWritable { flush() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { close() }

    func channelInactive(context: ChannelHandlerContext) {
        over()
        self.context = nil
        loop.remove(self)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // A client that has closed its direction can send neither windows nor acknowledgements: there is nothing to wait for.
        if case .some(.inputClosed) = event as? ChannelEvent {
            if streams.isEmpty { closeAfterWrites() } else { close() }
        }
        context.fireUserInboundEventTriggered(event)
    }

    // MARK: Reading

    private func handle(_ event: HTTP2Event) {
        switch event {
        case .request(let id, let end):
            serve(id, end: end)
        case .refused(let id, let refusal):
            refuse(id, refusal)
        case .data(let id, let bytes, let end):
            streams[id]?.receive(bytes, end: end)
        case .end(let id, let trailers):
            streams[id]?.receiveEnd(trailers)
        case .reset(let id, _, _):
            streams[id]?.clientReset()
        case .windowOpened(let id):
            windowOpened(id)
        case .settings:
            windowOpened(.connection)
        case .goAway:
            endIfDrained()
        case .connectionError:
            closeAfterWrites()
        case .needMore, .interim, .response, .unprocessed, .pong:
            break
        }
    }

    private func serve(_ id: HTTP2StreamID, end: Bool) {
        let exchange = loop.takeExchange(for: info)
        session.takeRequest(into: &exchange.request)
        let stream = spare.popLast() ?? HTTP2ClientStream(connection: self)
        streams[id] = stream
        requestsServed += 1
        // What the client sends before it has heard of it is served; then the session is drained.
        if isWornOut { beginFarewell() }
        stream.begin(id, exchange, end: end)
    }

    /// Whether `keepAliveMaxRequests` or `keepAliveMaxTime` let no further request follow this one.
    private var isWornOut: Bool {
        let limit = settings.keepAliveMaxRequests
        if limit > 0, requestsServed >= limit { return true }
        let age = settings.keepAliveMaxTime
        return age > 0 && loop.coarseUptime &- connectedAt >= age
    }

    /// Answers what must not be served.
    private func refuse(_ id: HTTP2StreamID, _ refusal: HTTP1Refusal) {
        let exchange = loop.takeExchange(for: info)
        exchange.setLocalResponse(refusal.status)
        exchange.response.headers.add(.contentType, "text/plain; charset=utf-8")
        let date = loop.dates.value(wall: DateCache.wallSeconds())
        var body = ByteBuffer(bytes: refusal.body.bytes)
        write { session, out in
            session.writeResponse(
                id, exchange.response, contentLength: UInt64(body.readableBytes), date: date,
                end: body.readableBytes == 0,
                into: &out)
            if body.readableBytes > 0 { _ = session.writeData(id, &body, end: true, into: &out) }
            session.reset(id, .noError, into: &out)
        }
        loop.recycle(exchange)
    }

    private func windowOpened(_ id: HTTP2StreamID) {
        guard id.isConnection else {
            streams[id]?.windowOpened()
            return
        }
        for stream in Array(streams.values) { stream.windowOpened() }
    }

    // MARK: Memory

    /// Bytes that may wait for the client's windows before servers are read from in small portions, and stop at the first that has
    /// to wait. A client with all its windows shut then costs this much, and one portion a stream.
    static let tightMark = 1_048_576

    /// More, or with a negative number less, of an answer waits for the client.
    func waitingChanged(by count: Int) {
        waitingBytes += count
        let isOver = waitingBytes > (isTight ? Self.tightMark / 2 : Self.tightMark)
        guard isOver != isTight else { return }
        isTight = isOver
        for stream in Array(streams.values) { stream.tightnessChanged() }
    }

    // MARK: For streams

    func peerTakes(_ block: borrowing HeaderBlock) -> Bool { session.peerTakes(block) }

    /// Sends what was written.
    func flush() { flush(streams: streams.count) }

    /// The stream's exchange is over, however it ended.
    func remove(_ stream: HTTP2ClientStream, _ id: HTTP2StreamID) {
        guard streams.removeValue(forKey: id) != nil else { return }
        if spare.count < 4 { spare.append(stream) }
        if streams.isEmpty {
            idleSince = loop.coarseUptime
            idleDeadline = after(settings.timeouts.idle)
        }
        endIfDrained()
    }

    // MARK: Deadlines

    /// Looked at with each sweep, for the streams have deadlines of their own.
    var deadline: UInt64 {
        isOver || (streams.isEmpty && headSince == 0) ? min(idleDeadline, isOver ? .max : farewellDeadline) : 0
    }

    /// Whether part of a frame or of a head has come, and the rest not yet.
    private var isReceiving: Bool { holdsPartialFrame || session.isReadingHead }

    func deadlinePassed(now: UInt64) {
        if isOver { return close() }
        if farewellDeadline <= now { endFarewell() }
        // As over HTTP/1, a head has to be there in time, whatever trickles.
        if headSince > 0, settings.timeouts.read > 0, now &- headSince >= settings.timeouts.read, now > headSince {
            return end(.enhanceYourCalm, "a head takes too long")
        }
        if streams.isEmpty {
            guard idleDeadline <= now, !isOver else { return }
            return giveWay()
        }
        if session.beginSendingHeldBack() {
            windowOpened(.connection)
            session.endSendingHeldBack()
        }
        for stream in Array(streams.values) where stream.deadline <= now { stream.deadlinePassed(now: now) }
        endStall(now)
        flush()
    }

    var use: ConnectionUse {
        guard streams.isEmpty else { return .busy }
        return requestsServed == 0 ? .beginning(since: connectedAt) : .idle(since: idleSince)
    }

    func giveWay() { end(.noError, "idle") }

    /// A client that opens its window too little holds what waits for it: it gets as long as a silent one.
    private func endStall(_ now: UInt64) {
        let limit = settings.timeouts.idle
        guard limit > 0, session.waitsForWindow, session.progress == lastProgress else {
            lastProgress = session.progress
            stalledSince = now
            return
        }
        guard now &- stalledSince >= limit else { return }
        end(.enhanceYourCalm, "no progress")
    }

    private func after(_ nanoseconds: UInt64) -> UInt64 {
        nanoseconds > 0 ? loop.coarseUptime &+ nanoseconds : .max
    }

    // MARK: Ending

    /// Also a client without a stream is waited for: its next request may be on the way.
    func stopAccepting() {
        guard !isOver else { return }
        beginFarewell()
        flush()
    }

    /// Says that the connection will end, and serves what the client sends before it has heard so; the session names the last stream
    /// when the client answers (RFC 9113 §6.8), and ``endFarewell()`` if it does not.
    private func beginFarewell() {
        guard farewellDeadline == .max else { return }
        write { session, out in session.beginShutdown(into: &out) }
        farewellDeadline = after(settings.timeouts.farewell)
    }

    private func endFarewell() {
        farewellDeadline = .max
        write { session, out in session.finishShutdown(into: &out) }
        flush()
        endIfDrained()
    }

    private func end(_ code: HTTP2ErrorCode, _ reason: StaticString) {
        write { session, out in session.close(code, reason, into: &out) }
        closeAfterWrites()
    }

    private func endIfDrained() {
        if streams.isEmpty, session.isDrained { closeAfterWrites() }
    }

    /// Ends after what was written has left.
    ///
    /// A client of HTTP/2 sends frames whenever it likes. To close the socket over one that was not read would send a reset, which
    /// can erase our last frames: so only our direction is closed, and what still comes is thrown away for up to a second.
    private func closeAfterWrites() {
        guard !isOver, let context else { return }
        output.flush()
        over()
        idleDeadline = after(settings.timeouts.idle)
        // Whoever takes nothing of what is written is not read from either.
        context.setAutoRead(false)
        let promise = loop.eventLoop.makePromise(of: Void.self)
        promise.futureResult.assumeIsolated().whenComplete { [self] _ in
            guard let context = self.context else { return }
            idleDeadline = after(Self.linger)
            context.close(mode: .output, promise: nil)
            context.setAutoRead(true)
        }
        context.writeAndFlush(NIOAny(ByteBuffer()), promise: promise)
    }

    /// How long the client's last bytes are waited for, in nanoseconds.
    private static let linger: UInt64 = 1_000_000_000

    func close() {
        over()
        idleDeadline = .max
        context?.hangUp(isTLS: info.isTLS)
    }

    /// All streams end; nothing is read or written any more.
    private func over() {
        guard !isOver else { return }
        stop()
        let open = streams
        streams = [:]
        for stream in open.values { stream.connectionGone() }
        spare = []
    }
}
