import MartinetCore
import MartinetHTTP
import NIOCore

/// One request on an ``HTTP2UpstreamConnection``.
///
/// What of the request's body waits for the server's window is bounded by not being writable meanwhile; what of the answer waits for
/// the client is bounded by the stream's window, which opens only as the client takes it.
final class HTTP2UpstreamStream: UpstreamExchange {
    private let connection: HTTP2UpstreamConnection
    private var id = HTTP2StreamID.connection
    private var consumer: (any UpstreamConsumer)?
    private var exchange: Exchange?
    private var interimCount = 0
    private var answered = false
    private var reused = false
    /// The request is an extended CONNECT (RFC 8441), whose direction stays open.
    private var asksForTunnel = false
    /// Whether the connection has it in its list of those to tell of a pause.
    var isTouched = false

    // MARK: What waits

    /// Pieces of the request's body, and the end behind them.
    private var outgoing: [ByteBuffer] = []
    private var outgoingEnds = false
    private var outgoingTrailers: TrailerSection?
    /// Whether END_STREAM was sent.
    private var ended = false
    /// Pieces of the answer's body, and the end behind them.
    private var incoming = BodyQueue()
    private var incomingEnded = false
    private var incomingTrailers: TrailerSection?
    private var readsPaused = false
    private var isDelivering = false

    init(connection: HTTP2UpstreamConnection) {
        self.connection = connection
        super.init(peer: connection.peer)
    }

    override var maySendBack: Bool { !answered }
    override var hasAnswered: Bool { answered }
    override var takesTunnels: Bool { connection.canOpenTunnel }

    // MARK: The request

    override func begin(
        _ exchange: Exchange, to server: UpstreamServer, framing: BodyFraming, end: Bool,
        consumer: any UpstreamConsumer
    ) {
        self.exchange = exchange
        self.consumer = consumer
        reused = connection.hasServed
        answered = false
        interimCount = 0
        incomingEnded = false
        incomingTrailers = nil
        outgoingEnds = false
        outgoingTrailers = nil
        readsPaused = false
        isWritable = connection.isWritable
        asksForTunnel = exchange.request.wantsUpgrade
        ended = end && !asksForTunnel
        guard connection.admits(exchange, to: server) else {
            return lose(
                .http2, "the head is larger than the server's SETTINGS_MAX_HEADER_LIST_SIZE", unprocessed: false)
        }
        guard let id = connection.open(self, exchange, to: server, framing: framing, end: ended) else {
            return lose(.http2, "the connection takes no more requests", unprocessed: true)
        }
        self.id = id
    }

    /// Fails as it begins; not at once, for the consumer has not finished sending.
    private func lose(_ reason: UpstreamError.Reason, _ detail: String, unprocessed: Bool) {
        loop.execute { [self] in lost(reason, detail, unprocessed: unprocessed) }
    }

    private var loop: NIOIsolatedEventLoop { connection.loop.eventLoop.assumeIsolated() }
    private var isOpen: Bool { !id.isConnection && consumer != nil }

    override func write(_ bytes: ByteBuffer) {
        guard isOpen, !ended, !outgoingEnds else { return }
        var bytes = bytes
        if outgoing.isEmpty { connection.send(&bytes, on: id, end: false) }
        guard bytes.readableBytes > 0 else { return }
        outgoing.append(bytes)
        isWritable = false
    }

    override func finish(_ trailers: TrailerSection?) {
        if !asksForTunnel { finishSending(trailers) }
    }

    private func finishSending(_ trailers: TrailerSection?) {
        guard isOpen, !ended, !outgoingEnds else { return }
        guard outgoing.isEmpty else {
            outgoingEnds = true
            outgoingTrailers = trailers
            return
        }
        end(with: trailers)
    }

    private func end(with trailers: TrailerSection?) {
        ended = true
        connection.write { session, out in session.writeEnd(id, trailers: trailers, into: &out) }
    }

    override func flush() { connection.flush() }

    override func closeOutput() {
        finishSending(nil)
        connection.flush()
    }

    /// The server takes more.
    func windowOpened() {
        guard isOpen, !outgoing.isEmpty else { return }
        while var piece = outgoing.first {
            connection.send(&piece, on: id, end: false)
            guard piece.readableBytes == 0 else {
                outgoing[0] = piece
                return
            }
            outgoing.removeFirst()
        }
        if outgoingEnds {
            outgoingEnds = false
            end(with: outgoingTrailers.take())
        }
        updateWritable()
    }

    func updateWritable() {
        let before = isWritable
        isWritable = connection.isWritable && outgoing.isEmpty
        if isWritable, !before { consumer?.upstreamWritable() }
    }

    // MARK: The answer

    /// `take` exchanges the head that was read for the one it is given.
    func interim(_ take: (inout ResponseHead) -> Void) {
        guard let exchange else { return }
        interimCount += 1
        guard interimCount <= 16 else { return fail("the server sent more than 16 interim answers") }
        take(&exchange.response)
        // The 100 was ours to give; the client has had it.
        if exchange.response.status != 100 { consumer?.upstreamInterim() }
    }

    func head(end: Bool, _ take: (inout ResponseHead) -> Void) {
        guard let exchange else { return }
        take(&exchange.response)
        answered = true
        if end { incomingEnded = true }
        isDelivering = true
        if asksForTunnel, !end, 200..<300 ~= exchange.response.status {
            Self.makeSwitch(of: exchange)
            consumer?.upstreamSwitched()
        } else {
            consumer?.upstreamHead()
        }
        isDelivering = false
        deliver()
    }

    /// Makes of the 2xx that opens a tunnel what an HTTP/1 server would have answered.
    private static func makeSwitch(of exchange: Exchange) {
        exchange.response.status = 101
        if let token = exchange.request.headers.string(.upgrade) { exchange.response.headers.set(.upgrade, token) }
        if let proof = WebSocketHandshake.accept(for: exchange.request) {
            exchange.response.headers.set(.secWebSocketAccept, proof)
        }
    }

    func body(_ bytes: ByteBuffer, end: Bool) {
        guard consumer != nil else { return }
        if end { incomingEnded = true }
        guard incoming.isEmpty, !readsPaused, !isDelivering else {
            incoming.append(bytes)
            return deliver()
        }
        isDelivering = true
        pass(bytes)
        isDelivering = false
        if incoming.isEmpty, incomingEnded { complete() }
    }

    func end(_ trailers: TrailerSection?) {
        guard consumer != nil else { return }
        incomingEnded = true
        incomingTrailers = trailers
        deliver()
    }

    /// All that was read has been delivered.
    func paused() {
        isTouched = false
        consumer?.upstreamPaused()
    }

    override func pauseReading() { readsPaused = true }

    override func resumeReading() {
        guard readsPaused else { return }
        readsPaused = false
        guard !incoming.isEmpty || incomingEnded else { return }
        // Whoever made room is in the middle of writing.
        loop.execute { [self] in
            deliver()
            consumer?.upstreamPaused()
            connection.flush()
        }
    }

    private func deliver() {
        guard !isDelivering else { return }
        isDelivering = true
        defer { isDelivering = false }
        while !readsPaused, consumer != nil, let piece = incoming.popFirst() { pass(piece) }
        if incoming.isEmpty, incomingEnded { complete() }
    }

    private func pass(_ piece: ByteBuffer) {
        connection.write { session, out in session.consume(id, piece.readableBytes, into: &out) }
        consumer?.upstreamBody(piece)
    }

    /// The answer is whole.
    private func complete() {
        guard let consumer else { return }
        consumer.upstreamTrailers(incomingTrailers)
        guard self.consumer != nil else { return }
        // The rest of the request is of no use to a server that has answered already.
        leave(reset: ended ? nil : .cancel, served: true)
        consumer.upstreamEnded()
    }

    // MARK: Ending

    /// The stream is gone.
    func reset(_ code: HTTP2ErrorCode, byPeer: Bool) {
        if incomingEnded {
            // The answer is whole and waits for the client; only the rest of the request is not wanted (RFC 9113 §8.1).
            ended = true
            outgoing = []
            return updateWritable()
        }
        // The connection lives: the request was not lost with one that had died unnoticed.
        reused = false
        lost(
            .http2, byPeer ? "the server reset the stream: \(code)" : "HTTP/2 \(code)",
            unprocessed: byPeer && (code == .refusedStream || code == .http11Required),
            requiresHTTP1: byPeer && code == .http11Required)
    }

    private func fail(_ detail: String) {
        connection.write { session, out in session.reset(id, .protocolError, into: &out) }
        lost(.http2, detail, unprocessed: false)
    }

    /// No answer, or no more of it, will come.
    func lost(
        _ reason: UpstreamError.Reason, _ detail: String, unprocessed: Bool, requiresHTTP1: Bool = false
    ) {
        guard let consumer else { return }
        let error = UpstreamError(
            stage: answered ? .body : .exchange, reason: reason, peer: peer, reused: reused,
            answered: answered || interimCount > 0, unprocessed: unprocessed, requiresHTTP1: requiresHTTP1,
            detail: detail)
        leave(reset: nil, served: false)
        consumer.upstreamFailed(error)
    }

    override func abandon() {
        guard isOpen else {
            consumer = nil
            return
        }
        leave(reset: .cancel, served: false)
        connection.flush()
    }

    private func leave(reset code: HTTP2ErrorCode?, served: Bool) {
        consumer = nil
        exchange = nil
        if !incoming.isEmpty { incoming.removeAll() }
        if !outgoing.isEmpty { outgoing = [] }
        let id = self.id
        guard !id.isConnection else { return }
        self.id = .connection
        if let code { connection.write { session, out in session.reset(id, code, into: &out) } }
        // From here on it may serve another request.
        connection.remove(id, served: served)
    }
}
