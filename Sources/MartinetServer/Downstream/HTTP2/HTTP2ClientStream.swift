import MartinetCore
import MartinetHTTP
import NIOCore

/// One stream of a client's HTTP/2 connection: a request and its answer.
///
/// Request bodies wait here while nobody takes them; the peer cannot send more than the stream's window of them. Answers wait here
/// while the peer's window is shut; the server is not read from while there is much of it.
final class HTTP2ClientStream: ClientStream {
    /// Strong: the connection lets go of its streams when it ends, and late callbacks may still find one.
    private let connection: HTTP2Connection
    private var id = HTTP2StreamID.connection
    /// Pieces of the request body that wait.
    private var incoming = BodyQueue()
    private var incomingEnded = false
    private var readsPaused = false
    private var isDelivering = false
    /// What of the answer waits for the peer's window.
    private var outgoing = BodyQueue()
    /// Small pieces of the answer that came in one read of the server, and go out as one frame when it is over.
    private var gathered: ByteBuffer?
    /// Whether the end follows `outgoing`, with these trailers.
    private var outgoingEnds = false
    private var outgoingTrailers: TrailerSection?
    /// Whether END_STREAM went out.
    private var ended = false
    /// The request is an extended CONNECT (RFC 8441).
    private var asksForTunnel = false

    init(connection: HTTP2Connection) {
        self.connection = connection
        super.init(
            loop: connection.loop, entryPoint: connection.entryPoint, info: connection.info, policy: connection.policy)
    }

    // MARK: The request

    /// - Parameter end: whether the request has no body.
    func begin(_ id: HTTP2StreamID, _ exchange: Exchange, end: Bool) {
        self.id = id
        self.exchange = exchange
        incomingEnded = end
        readsPaused = false
        outgoingEnds = false
        ended = false
        readsSparingly = connection.isTight
        asksForTunnel = exchange.request.wantsUpgrade
        if asksForTunnel, WebSocketHandshake.isWebSocket(exchange.request) {
            WebSocketHandshake.setKey(of: &exchange.request)
        }
        updateWritable()
        serve(exchange)
    }

    func receive(_ bytes: ByteBuffer, end: Bool) {
        if end { incomingEnded = true }
        if incoming.isEmpty, !isDelivering, wantsBody {
            isDelivering = true
            pass(bytes)
            isDelivering = false
        } else {
            incoming.append(bytes)
        }
        deliver()
    }

    func receiveEnd(_ trailers: TrailerSection?) {
        incomingEnded = true
        requestTrailers = trailers
        deliver()
    }

    /// Passes on what waits, to whoever wants it.
    private func deliver() {
        guard !isDelivering else { return }
        isDelivering = true
        defer { isDelivering = false }
        while wantsBody, let piece = incoming.popFirst() { pass(piece) }
        if phase == .draining || phase == .closed { incoming.removeAll() }
        guard incoming.isEmpty, incomingEnded else { return }
        switch phase {
        case .exchange where !requestBodyDone: bodyComplete()
        case .tunnel: upstream?.closeOutput()
        case .idle, .head, .exchange, .draining, .closing, .closed: break
        }
    }

    private var wantsBody: Bool {
        switch phase {
        case .exchange:
            if requestBodyDone { return false }
            if case .body = wait { return !readsPaused }
            return sendingBody && !readsPaused && upstream?.isWritable ?? false
        case .tunnel: return !readsPaused && upstream?.isWritable ?? false
        case .idle, .head, .draining, .closing, .closed: return false
        }
    }

    private func pass(_ piece: ByteBuffer) {
        let count = piece.readableBytes
        take(piece)
        connection.write { session, out in session.consume(id, count, into: &out) }
    }

    private func take(_ piece: ByteBuffer) {
        if phase == .tunnel { return forwardTunnel(piece) }
        if case .body = wait { return collect(piece) }
        figures.requestBytes &+= UInt64(piece.readableBytes)
        sendBody(piece)
    }

    private func bodyComplete() {
        if case .body = wait {
            requestBodyDone = true
            beginAnswerTime()
            collectedAll()
        } else if sendingBody {
            bodyEnded()
        }
    }

    override func proceed() {
        deliver()
        upstream?.flush()
        connection.flush()
    }

    func flushUpstream() { upstream?.flush() }

    override func pauseReading() { readsPaused = true }

    override func resumeReading() { readsPaused = false }

    // MARK: The answer

    /// So many bytes may wait without the server being paused, so that it is read again before the client runs dry.
    private static let lowWater = 32768

    private func updateWritable() {
        isWritable = connection.isWritable && outgoing.count <= (connection.isTight ? 0 : Self.lowWater)
    }

    /// ``HTTP2Connection/isTight`` has changed.
    func tightnessChanged() {
        readsSparingly = connection.isTight
        upstream?.readSparingly(readsSparingly)
        writabilityChanged()
    }

    override func emitHead(_ exchange: Exchange, announced: UInt64?) {
        // 2xx would tell the client that its tunnel is open (RFC 8441 §5).
        if asksForTunnel, 200..<300 ~= exchange.response.status { return refuseAnswer() }
        guard connection.peerTakes(exchange.response.headers) else { return refuseAnswer() }
        let bodyless = responseFraming == .none || responseFraming == .length(0)
        var length = announced
        if case .length(let count) = responseFraming { length = count }
        ended = bodyless
        let date = loop.dates.value(wall: DateCache.wallSeconds())
        connection.write { session, out in
            session.writeResponse(
                id, exchange.response, contentLength: length, date: date, skipping: HopByHop.response, end: bodyless,
                into: &out)
        }
    }

    /// An answer that the client cannot be given: it gets a 502 instead, and the rest is for nobody.
    private func refuseAnswer() {
        var head = ResponseHead()
        head.status = 502
        figures.downstreamStatus = 502
        ended = true
        let date = loop.dates.value(wall: DateCache.wallSeconds())
        connection.write { session, out in
            session.writeResponse(id, head, contentLength: 0, date: date, end: true, into: &out)
        }
        let generation = self.generation
        // Whoever brought the answer is in the middle of it.
        loop.eventLoop.assumeIsolated().execute { [self] in
            guard generation == self.generation, phase == .exchange, let exchange else { return }
            endResponse(exchange)
        }
    }

    override func emitBody(_ chunk: ByteBuffer) {
        guard !ended else { return }
        guard outgoing.isEmpty else { return wait(with: chunk) }
        guard chunk.readableBytes <= Self.gatherLimit else {
            sendGathered(end: false)
            return send(chunk, end: false)
        }
        if gathered == nil {
            gathered = chunk
        } else {
            gathered?.writeImmutableBuffer(chunk)
            if gathered?.readableBytes ?? 0 > Self.gatherLimit { sendGathered(end: false) }
        }
    }

    /// Bytes of a piece that waits for those that follow it.
    private static let gatherLimit = 4096

    private func sendGathered(end: Bool) {
        if let bytes = gathered.take() { send(bytes, end: end) }
    }

    /// - Parameter end: the stream ends with these bytes, without trailers.
    private func send(_ bytes: ByteBuffer, end: Bool) {
        guard outgoing.isEmpty else { return wait(with: bytes) }
        var bytes = bytes
        connection.send(&bytes, on: id, end: end)
        if bytes.readableBytes > 0 {
            wait(with: bytes)
        } else if end {
            ended = true
        }
    }

    private func wait(with bytes: ByteBuffer) {
        outgoing.append(bytes)
        connection.waitingChanged(by: bytes.readableBytes)
        updateWritable()
        if !isWritable { upstream?.pauseReading() }
    }

    override func emitEnd() {
        guard !ended else { return }
        sendGathered(end: exchange?.responseTrailers == nil)
        guard !ended else { return }
        guard outgoing.isEmpty else {
            outgoingEnds = true
            outgoingTrailers = exchange?.responseTrailers
            return
        }
        writeEnd(exchange?.responseTrailers)
    }

    private func writeEnd(_ trailers: TrailerSection?) {
        ended = true
        connection.write { session, out in
            if let trailers, !session.peerTakes(trailers.fields) {
                return session.reset(id, .internalError, into: &out)
            }
            session.writeEnd(id, trailers: trailers, into: &out)
        }
    }

    override func emitInterim(_ exchange: Exchange) {
        guard connection.peerTakes(exchange.response.headers) else { return }
        connection.write { session, out in session.writeInterim(id, exchange.response, into: &out) }
    }

    override func emitContinue() {
        var head = ResponseHead()
        head.status = 100
        connection.write { session, out in session.writeInterim(id, head, into: &out) }
        flushOut()
    }

    override func flushOut() {
        sendGathered(end: false)
        connection.flush()
    }

    func windowOpened() {
        guard !outgoing.isEmpty else { return }
        // Taken out while it is sent: the channel may say meanwhile that it is full.
        var waiting = BodyQueue()
        swap(&waiting, &outgoing)
        let before = waiting.count
        waiting.drain { connection.send(&$0, on: id, end: false) }
        swap(&waiting, &outgoing)
        if before != outgoing.count { connection.waitingChanged(by: outgoing.count - before) }
        writabilityChanged()
        guard outgoing.isEmpty, outgoingEnds else { return }
        outgoingEnds = false
        writeEnd(outgoingTrailers.take())
        if phase == .draining { finishStream() }
    }

    func writabilityChanged() {
        let before = isWritable
        updateWritable()
        guard before != isWritable else { return }
        guard isWritable else {
            upstream?.pauseReading()
            return
        }
        upstream?.resumeReading()
        resumeHeld()
    }

    // MARK: Tunnels

    override func beginTunnel(_ exchange: Exchange) {
        guard !WebSocketHandshake.isWebSocket(exchange.request) || WebSocketHandshake.isProven(exchange) else {
            return refuseTunnel()
        }
        let date = loop.dates.value(wall: DateCache.wallSeconds())
        connection.write { session, out in
            session.writeResponse(
                id, exchange.response, date: date, skipping: HopByHop.response, end: false, into: &out)
        }
        resumeReading()
        proceed()
    }

    /// The server switched protocols without knowing which (RFC 6455 §4.1).
    private func refuseTunnel() {
        let peer = upstream?.peer ?? ""
        dropUpstream()
        phase = .exchange
        headWritten = false
        upstreamFailed(
            UpstreamError(
                stage: .exchange, reason: .malformed, peer: peer, answered: true,
                detail: "Sec-WebSocket-Accept does not match the key"))
    }

    override func emitTunnel(_ bytes: ByteBuffer) { emitBody(bytes) }

    override func tunnelEnded() {
        emitEnd()
        flushOut()
        answerEnded()
    }

    // MARK: Ending

    override func answerEnded() {
        // What waits for the window goes out when it opens; the exchange is over.
        phase = .draining
        deadline = .max
        incoming.removeAll()
        if outgoing.isEmpty { finishStream() }
    }

    private func finishStream() {
        if !incomingEnded {
            // RFC 9113 §8.1: the answer is whole, the rest of the request is not wanted.
            connection.write { session, out in session.reset(id, .noError, into: &out) }
        }
        leave()
    }

    override func close() {
        guard phase != .closed, phase != .idle else { return }
        end(.internalError)
    }

    func clientReset() {
        guard phase != .closed, phase != .idle else { return }
        end(nil)
    }

    /// The connection is gone.
    func connectionGone() {
        let wasExchanging = phase == .exchange || phase == .tunnel
        if wasExchanging { clientGone() }
        phase = .closed
        forget()
    }

    private func end(_ code: HTTP2ErrorCode?) {
        let wasExchanging = phase == .exchange || phase == .tunnel
        if wasExchanging { clientGone() }
        if let code { connection.write { session, out in session.reset(id, code, into: &out) } }
        leave()
    }

    /// Ready for another request.
    private func leave() {
        phase = .idle
        deadline = .max
        forget()
        connection.remove(self, id)
        // Nobody else may have a reason to: a reset can come out of a server's fault or a deadline.
        connection.flush()
    }

    private func forget() {
        incoming.removeAll()
        gathered = nil
        if !outgoing.isEmpty {
            let count = outgoing.count
            outgoing.removeAll()
            connection.waitingChanged(by: -count)
        }
        outgoingTrailers = nil
        outgoingEnds = false
    }
}
