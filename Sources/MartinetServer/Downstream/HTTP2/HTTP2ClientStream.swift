import MartinetCore
import MartinetHTTP
import NIOCore

/// One stream of a client's HTTP/2 connection: a request and its answer.
///
/// Request bodies wait here while nobody takes them; the peer cannot send more than the stream's window of them. Answers wait here
/// while the peer's window is shut; the server is not read from meanwhile.
final class HTTP2ClientStream: ClientStream {
    /// Strong: the connection lets go of its streams when it ends, and late callbacks may still find one.
    private let connection: HTTP2Connection
    private var id = HTTP2StreamID.connection
    /// Pieces of the request body that wait.
    private var incoming: [ByteBuffer] = []
    private var incomingEnded = false
    private var readsPaused = false
    private var isDelivering = false
    /// What of the answer waits for the peer's window.
    private var outgoing: [ByteBuffer] = []
    /// Whether the end follows `outgoing`, with these trailers.
    private var outgoingEnds = false
    private var outgoingTrailers: TrailerSection?
    /// Whether END_STREAM went out.
    private var ended = false

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
        updateWritable()
        serve(exchange)
    }

    func receive(_ bytes: ByteBuffer, end: Bool) {
        incoming.append(bytes)
        if end { incomingEnded = true }
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
        while !incoming.isEmpty, wantsBody {
            let piece = incoming.removeFirst()
            let count = piece.readableBytes
            take(piece)
            connection.write { session, out in session.consume(id, count, into: &out) }
        }
        if phase == .draining || phase == .closed { incoming = [] }
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
            if case .body = wait { return true }
            return sendingBody && !readsPaused && upstream?.isWritable ?? false
        case .tunnel: return !readsPaused && upstream?.isWritable ?? false
        case .idle, .head, .draining, .closing, .closed: return false
        }
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
            setDeadline(after: settings.timeouts.write)
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

    private func updateWritable() { isWritable = connection.isWritable && outgoing.isEmpty }

    override func emitHead(_ exchange: Exchange, announced: UInt64?) {
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

    override func emitBody(_ chunk: ByteBuffer) {
        var chunk = chunk
        if outgoing.isEmpty { connection.send(&chunk, on: id, end: false) }
        guard chunk.readableBytes > 0 else { return }
        outgoing.append(chunk)
        updateWritable()
        upstream?.pauseReading()
    }

    override func emitEnd() {
        guard !ended else { return }
        guard outgoing.isEmpty else {
            outgoingEnds = true
            outgoingTrailers = responseTrailers
            return
        }
        ended = true
        let trailers = responseTrailers
        connection.write { session, out in session.writeEnd(id, trailers: trailers, into: &out) }
    }

    override func emitInterim(_ exchange: Exchange) {
        connection.write { session, out in session.writeInterim(id, exchange.response, into: &out) }
    }

    override func emitContinue() {
        var head = ResponseHead()
        head.status = 100
        connection.write { session, out in session.writeInterim(id, head, into: &out) }
        flushOut()
    }

    override func flushOut() { connection.flush() }

    func windowOpened() {
        while var chunk = outgoing.first {
            connection.send(&chunk, on: id, end: false)
            guard chunk.readableBytes == 0 else {
                outgoing[0] = chunk
                break
            }
            outgoing.removeFirst()
        }
        writabilityChanged()
        guard outgoing.isEmpty, outgoingEnds else { return }
        outgoingEnds = false
        ended = true
        let trailers = outgoingTrailers
        outgoingTrailers = nil
        connection.write { session, out in session.writeEnd(id, trailers: trailers, into: &out) }
        if phase == .draining { finishStream() }
    }

    func writabilityChanged() {
        let before = isWritable
        updateWritable()
        guard before != isWritable else { return }
        if isWritable { upstream?.resumeReading() } else { upstream?.pauseReading() }
    }

    // MARK: Tunnels

    override func beginTunnel(_ exchange: Exchange) {
        let date = loop.dates.value(wall: DateCache.wallSeconds())
        connection.write { session, out in
            session.writeResponse(
                id, exchange.response, date: date, skipping: HopByHop.response, end: false, into: &out)
        }
        resumeReading()
        proceed()
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
        incoming = []
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
        incoming = []
        outgoing = []
        outgoingTrailers = nil
        outgoingEnds = false
    }
}
