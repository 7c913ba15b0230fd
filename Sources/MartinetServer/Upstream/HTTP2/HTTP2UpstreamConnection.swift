import MartinetCore
import MartinetHTTP
import NIOCore

/// An HTTP/2 connection to a server, shared by many requests: each gets an ``HTTP2UpstreamStream``.
///
/// ```
///  connected ──SETTINGS──► open ──GOAWAY, or all stream numbers used──► draining ──last stream ended──► closed
///                            └──lost, silent, idle, stopped────────────────────────────────────────────────┘
/// ```
///
/// Nothing is sent before the server's SETTINGS have come: only then is it known that it speaks HTTP/2, and how many streams it
/// allows. Everything happens on the event loop.
final class HTTP2UpstreamConnection: HTTP2Endpoint, ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    /// Called once: the connection can be used, or why it cannot.
    typealias Ready = (HTTP2UpstreamConnection, UpstreamError?) -> Void

    /// Streams we open at once, whatever the server allows: as many as full windows fit into the connection's.
    private static let mostStreams = 100
    private static let limits: HTTP2Limits = {
        var limits = HTTP2Limits.backend
        limits.connectionWindow = mostStreams * limits.streamWindow
        return limits
    }()

    private let pool: UpstreamPool
    private var streams: [HTTP2StreamID: HTTP2UpstreamStream] = [:]
    /// Streams that got something since the last pause.
    private var touched: [HTTP2UpstreamStream] = []
    /// Streams that are over, for the next requests. Few: each keeps some memory.
    private var spare: [HTTP2UpstreamStream] = []
    private var ready: Ready?
    private var settingsTimer: Scheduled<Void>?
    /// The server refused a stream although we kept to its limit: no more until one has ended.
    private var isRefusing = false
    /// Whether an answer has come to its end here: the connection may have died unnoticed since.
    private(set) var hasServed = false
    /// Uptimes in nanoseconds. When the last stream ended; when something was read last; when a PING was sent that has not been
    /// answered, 0 for none.
    private var idleSince: UInt64 = 0
    private var lastRead: UInt64 = 0
    private var pingedAt: UInt64 = 0

    init(pool: UpstreamPool, loop: LoopContext, ready: @escaping Ready) {
        self.pool = pool
        self.ready = ready
        super.init(loop: loop, role: .client, limits: HTTP2UpstreamConnection.limits)
    }

    var peer: String { pool.peer }

    /// Whether a request can be sent now. No more streams than windows fit into the connection's, so that clients that take their
    /// answers slowly never keep others from theirs.
    var canOpenStream: Bool {
        !isOver && !isRefusing && session.canOpenStream && session.openStreams < Self.mostStreams
    }

    /// Whether a tunnel can be opened now (RFC 8441).
    var canOpenTunnel: Bool { canOpenStream && session.peer.enablesConnectProtocol }

    // MARK: Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        lastRead = loop.coarseUptime
        start(context, direct: pool.isPlain)
        guard pool.transport.dialTimeout > 0 else { return }
        let limit = TimeAmount.nanoseconds(pool.transport.dialTimeout)
        settingsTimer = loop.eventLoop.assumeIsolated().scheduleTask(in: limit) { [self] in
            lose(.connectTimeout, "no HTTP/2 SETTINGS within the transport's dialTimeout")
        }
    }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else { return }
        var bytes = unwrapInboundIn(data)
        lastRead = loop.coarseUptime
        read(&bytes) { handle($0) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // By index, for a copy of the list would cost its memory anew.
        var index = 0
        while index < touched.count {
            touched[index].paused()
            index += 1
        }
        touched.removeAll(keepingCapacity: true)
        flush()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        writabilityChanged(context)
        for stream in Array(streams.values) { stream.updateWritable() }
        if isWritable { flush() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { lose(.reset, "\(error)") }

    func channelInactive(context: ChannelHandlerContext) {
        lose(.http2, "the server closed the connection")
        self.context = nil
    }

    // MARK: Reading

    private func handle(_ event: HTTP2Event) {
        switch event {
        case .settings:
            becomeReady()
            windowOpened(.connection)
        case .interim(let id):
            touch(id)?.interim { session.takeResponse(into: &$0) }
        case .response(let id, let end):
            touch(id)?.head(end: end) { session.takeResponse(into: &$0) }
        case .data(let id, let bytes, let end):
            touch(id)?.body(bytes, end: end)
        case .end(let id, let trailers):
            touch(id)?.end(trailers)
        case .reset(let id, let code, let byPeer):
            isRefusing = isRefusing || (byPeer && code == .refusedStream)
            streams[id]?.reset(code, byPeer: byPeer)
        case .unprocessed(let id):
            streams[id]?.lost(.http2, "the server is closing the connection", unprocessed: true)
        case .windowOpened(let id):
            windowOpened(id)
        case .goAway:
            closeIfDrained()
        case .pong:
            pingedAt = 0
        case .connectionError(let code, let reason):
            output.flush()
            lose(.http2, "HTTP/2 \(code): \(reason)")
        case .needMore, .request, .refused:
            break
        }
    }

    private func touch(_ id: HTTP2StreamID) -> HTTP2UpstreamStream? {
        guard let stream = streams[id] else { return nil }
        if !stream.isTouched {
            stream.isTouched = true
            touched.append(stream)
        }
        return stream
    }

    private func windowOpened(_ id: HTTP2StreamID) {
        guard id.isConnection else {
            streams[id]?.windowOpened()
            return
        }
        for stream in Array(streams.values) { stream.windowOpened() }
    }

    private func becomeReady() {
        guard let ready = ready.take() else { return }
        settingsTimer?.cancel()
        settingsTimer = nil
        idleSince = loop.coarseUptime
        ready(self, nil)
        if loop.isStopping { closeIfIdle() }
    }

    // MARK: For streams

    /// For one request; ``HTTP2UpstreamStream/begin(_:to:framing:end:consumer:)`` takes its place among the connection's streams.
    func makeStream() -> HTTP2UpstreamStream { spare.popLast() ?? HTTP2UpstreamStream(connection: self) }

    /// Whether the server takes a head of that size (RFC 9113 §6.5.2). Answering for it is cheaper than having it refused.
    func admits(_ exchange: Exchange, to server: UpstreamServer) -> Bool {
        guard let limit = session.peer.maxHeaderListSize else { return true }
        return RequestHeadWriter.listSize(exchange, to: server) <= limit
    }

    /// Opens a stream; false when there is no room for one any more.
    func open(
        _ stream: HTTP2UpstreamStream, _ exchange: Exchange, to server: UpstreamServer, framing: BodyFraming, end: Bool
    ) -> HTTP2StreamID? {
        guard canOpenStream else { return nil }
        let id = write { session, out in
            RequestHeadWriter.open(exchange, to: server, framing: framing, end: end, on: &session, into: &out)
        }
        if let id { streams[id] = stream }
        return id
    }

    /// Sends what was written; many clients share this connection.
    func flush() { flush(streams: streams.count) }

    /// The stream is over, however it ended.
    func remove(_ id: HTTP2StreamID, served: Bool) {
        guard let stream = streams.removeValue(forKey: id) else { return }
        if served { hasServed = true }
        if !isOver, spare.count < 16 { spare.append(stream) }
        if served || streams.isEmpty { isRefusing = false }
        guard streams.isEmpty else { return }
        idleSince = loop.coarseUptime
        closeIfDrained()
        if loop.isStopping { closeIfIdle() }
    }

    // MARK: Time

    /// Closes what has been idle for too long, and what is silent and does not answer a PING.
    func timePassed(now: UInt64) {
        guard !isOver, ready == nil else { return }
        if session.beginSendingHeldBack() {
            windowOpened(.connection)
            session.endSendingHeldBack()
            flush()
        }
        let transport = pool.transport
        if streams.isEmpty, Self.elapsed(transport.idleConnTimeout, since: idleSince, now) { return closeIfIdle() }
        if pingedAt > 0 {
            if Self.elapsed(transport.pingTimeout, since: pingedAt, now) {
                lose(.http2, "no answer to a PING within the transport's pingTimeout")
            }
        } else if Self.elapsed(transport.readIdleTimeout, since: lastRead, now) {
            pingedAt = now
            write { session, out in session.ping(1, into: &out) }
            flush()
        }
    }

    /// `limit`: nanoseconds; 0 for ever. The clock that `since` was taken from may be some milliseconds behind.
    private static func elapsed(_ limit: Int64, since: UInt64, _ now: UInt64) -> Bool {
        limit > 0 && now > since && now - since >= UInt64(limit)
    }

    // MARK: Ending

    /// Closes the connection unless it serves a request.
    func closeIfIdle() {
        guard streams.isEmpty, ready == nil else { return }
        write { session, out in session.close(.noError, "", into: &out) }
        output.flush()
        lose(.closed, "idle")
    }

    private func closeIfDrained() {
        if streams.isEmpty, session.isDrained { closeIfIdle() }
    }

    /// The connection is over, and all that is under way on it has failed.
    private func lose(_ reason: UpstreamError.Reason, _ detail: String) {
        guard !isOver else { return }
        stop()
        settingsTimer?.cancel()
        pool.remove(self)
        context?.hangUp(isTLS: !pool.isPlain)
        let open = streams
        streams = [:]
        spare = []
        for stream in open.values { stream.lost(reason, detail, unprocessed: false) }
        ready.take()?(self, UpstreamError(stage: .connect, reason: reason, peer: peer, detail: detail))
    }
}
