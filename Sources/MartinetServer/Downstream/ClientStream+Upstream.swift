import MartinetCore
import MartinetHTTP
import NIOCore

/// The server's side of an exchange: sending the request, hearing the answer, trying again.
extension ClientStream: UpstreamConsumer {
    // MARK: Sending

    /// - Parameters:
    ///   - fresh: not on a connection that was used before.
    ///   - onlyHTTP1: the server does not want this request by HTTP/2.
    func send(_ exchange: Exchange, to server: UpstreamServer, fresh: Bool, onlyHTTP1: Bool = false) {
        exchange.server = server
        if loop.accessLog != nil { upstreamStarted = loop.uptime }
        figures.originStatus = 0
        figures.originBytes = 0
        figures.originDuration = 0
        let pool = loop.pool(for: server)
        if let own = ownUpstream(of: pool) { return begin(on: own, server, exchange) }
        let upgrades = exchange.request.wantsUpgrade
        // The same over HTTP/2 (RFC 8441), which servers of that kind may take as it is.
        let tunnels = upgrades && !onlyHTTP1 && exchange.request.version == .http2
        let needsHTTP1 = onlyHTTP1 || upgrades
        if !fresh, let free = pool.leaseFree(onlyHTTP1: needsHTTP1, tunnels: tunnels) {
            return begin(on: free, server, exchange)
        }
        wait = .connection
        generation &+= 1
        let generation = self.generation
        pool.lease(fresh: fresh, onlyHTTP1: needsHTTP1, tunnels: tunnels) { [self] result in
            guard self.generation == generation, wait == .connection, phase == .exchange else {
                // The client left meanwhile; the connection serves the next one.
                if case .success(let upstream) = result { upstream.handBack() }
                return
            }
            wait = .nothing
            switch result {
            case .success(let upstream):
                begin(on: upstream, server, exchange)
            case .failure(let error):
                upstreamFailed(error)
            }
            proceed()
        }
    }

    private func begin(on upstream: UpstreamExchange, _ server: UpstreamServer, _ exchange: Exchange) {
        self.upstream = upstream
        if readsSparingly { upstream.readSparingly(true) }
        var framing = exchange.request.framing
        if let spool {
            framing = .length(UInt64(spool.count))
        } else if let body = exchange.bufferedBody, framing != .none || body.readableBytes > 0 {
            framing = .length(UInt64(body.readableBytes))
        }
        let isBodyless = isOwnRequest || requestBodyDone && requestTrailers == nil && replay.isEmpty
        upstream.begin(
            exchange, to: server, framing: framing,
            end: isBodyless && exchange.bufferedBody?.readableBytes ?? 0 == 0 && spool == nil, consumer: self)
        if let body = exchange.bufferedBody, body.readableBytes > 0 { upstream.write(body) }
        if !isOwnRequest { for piece in replay { upstream.write(piece) } }
        guard !isOwnRequest else { return finishSending(upstream) }
        if let spool { return sendSpool(spool, to: upstream, from: 0) }
        sendContinue(exchange)
        if requestBodyDone {
            finishSending(upstream)
        } else {
            sendingBody = true
            resumeReading()
        }
    }

    /// One piece of the body goes out, and into memory while another attempt may need it.
    func sendBody(_ piece: ByteBuffer) {
        guard let upstream, let exchange else { return }
        var piece = piece
        if let transform = exchange.requestTransform {
            guard transform.transform(&piece, end: false) else { return bodyBroken() }
            guard piece.readableBytes > 0 else { return }
        }
        for copy in exchange.copies { copy.append(piece) }
        remember(piece, exchange, most: upstream.maySendBack ? Self.mostHeld : 0)
        upstream.write(piece)
    }

    /// Bytes of a body that are kept for as long as an HTTP/2 server may say that it did not take the request: as many as it takes
    /// before it has looked at any (RFC 9113 §6.9.2).
    private static let mostHeld = 65535

    /// `most`: bytes kept even if no middleware wants to send again.
    private func remember(_ piece: ByteBuffer, _ exchange: Exchange, most: Int) {
        guard replayIsWhole else { return }
        replayBytes += piece.readableBytes
        let limit = exchange.replayLimit ?? .max
        if replayBytes > limit { exchange.canReplay = false }
        if replayBytes > max(limit, most) { return forgetBody() }
        guard reserveReplay() else {
            exchange.canReplay = false
            return forgetBody()
        }
        guard piece.readableBytes < Self.smallPiece else { return replay.append(piece) }
        // Copied together: each by itself would hold all the memory that it was read into.
        if replay.last?.readableBytes ?? .max >= Self.smallPiece { replay.append(ByteBuffer()) }
        replay[replay.count - 1].writeImmutableBuffer(piece)
    }

    private static let smallPiece = 4096

    /// The beginning of each body is kept whatever there is, all beyond it only as far as the loop's budget goes.
    private func reserveReplay() -> Bool {
        let more = replayBytes - Self.mostHeld - replayReserved
        guard more > 0 else { return true }
        guard loop.replayBudget.reserve(more) else { return false }
        replayReserved += more
        return true
    }

    func forgetBody() {
        replayIsWhole = false
        if !replay.isEmpty { replay = [] }
        releaseReplay()
    }

    func releaseReplay() {
        guard replayReserved > 0 else { return }
        loop.replayBudget.release(replayReserved)
        replayReserved = 0
    }

    func bodyEnded() {
        requestBodyDone = true
        beginAnswerTime()
        if let exchange, let transform = exchange.requestTransform {
            var rest = ByteBuffer()
            guard transform.transform(&rest, end: true) else { return bodyBroken() }
            if rest.readableBytes > 0 {
                remember(rest, exchange, most: upstream?.maySendBack ?? false ? Self.mostHeld : 0)
                upstream?.write(rest)
            }
        }
        if let upstream { finishSending(upstream) }
    }

    /// The body is not what a middleware took it for. The server gets no more of it; the answer waits until whoever is reading the
    /// body is done with this piece.
    func bodyBroken() {
        guard !headWritten else { return close() }
        dropUpstream()
        // The pieces that came of it are gone.
        exchange?.canReplay = false
        wait = .nothing
        generation &+= 1
        let generation = self.generation
        loop.eventLoop.assumeIsolated().execute { [self] in
            guard self.generation == generation, phase == .exchange, let exchange else { return }
            _ = exchange.respondWithStatusText(500)
            respondLocally(exchange, from: exchange.reached)
            proceed()
        }
    }

    func finishSending(_ upstream: UpstreamExchange) {
        sendingBody = false
        upstream.finish(isOwnRequest ? nil : requestTrailers)
        if self.upstream === upstream, !upstream.hasAnswered {
            let limit = exchange?.server?.transport.responseHeaderTimeout ?? 0
            let write = settings.timeouts.write
            if limit > 0, write == 0 || UInt64(limit) < write { setDeadline(after: UInt64(limit)) }
        }
    }

    /// The client waits for a word before it sends its body: it gets it once somebody wants the body.
    func sendContinue(_ exchange: Exchange) {
        guard exchange.request.expectsContinue, !continueSent, !requestBodyDone, !headWritten else { return }
        continueSent = true
        emitContinue()
    }

    // MARK: Answers

    func upstreamInterim() {
        guard let exchange, !headWritten, exchange.request.version != .http10,
            !exchange.chain.prefix(exchange.reached).contains(where: { $0.phases.contains(.endsInterim) })
        else { return }
        emitInterim(exchange)
    }

    func upstreamHead() {
        guard let exchange else { return }
        figures.originStatus = exchange.response.status
        if requestBodyDone { deadline = answerBy }
        exchange.isLocalResponse = false
        switch runResponsePhases(exchange, from: exchange.reached - 1) {
        case .proceed:
            // From here on there is no other attempt.
            exchange.canReplay = false
            forgetBody()
            startResponse(exchange)
        case .retry(let index, let delay):
            discardAnswer()
            retry(exchange, at: index, after: delay)
        case .replaced:
            discardAnswer()
            writeLocalResponse(exchange)
        case .ask(let index, let service):
            discardAnswer()
            ask(service, exchange, for: index)
        case .hold(let index, let limit, let memory):
            hold(exchange, for: index, limit: limit, memory: memory)
        case .divert(let place, let service):
            divert(exchange, from: place, to: service)
            sendOff()
        }
    }

    /// A request was sent again from within the report on the attempt before, where nobody else brings it on its way.
    private func sendOff() {
        upstream?.flush()
        upstreamWritable()
    }

    func upstreamSwitched() {
        guard let exchange else { return }
        figures.originStatus = 101
        // As in Traefik: sticky cookies are set, but no middleware has a say, nor can another service take over.
        for passage in exchange.passages.reversed() { _ = passage.owner.answered(exchange, passage) }
        phase = .tunnel
        deadline = .max
        headWritten = true
        beginTunnel(exchange)
    }

    func upstreamBody(_ bytes: ByteBuffer) {
        figures.originBytes &+= UInt64(bytes.readableBytes)
        if phase == .tunnel {
            figures.downstreamBytes &+= UInt64(bytes.readableBytes)
            emitTunnel(bytes)
        } else if let held {
            return keep(bytes, in: held)
        } else {
            writeResponseBody(bytes, end: false)
        }
        if !isWritable { upstream?.pauseReading() }
    }

    func upstreamTrailers(_ trailers: TrailerSection?) { exchange?.responseTrailers = trailers }

    func upstreamEnded() {
        let connection = upstream
        upstream = nil
        sendingBody = false
        endOriginDuration()
        if phase == .tunnel {
            finish(status: 0)
            return tunnelEnded()
        }
        guard phase == .exchange, connection != nil else { return }
        if let held { return heldAll(held) }
        writeResponseBody(ByteBuffer(), end: true)
    }

    func upstreamPaused() {
        guard let exchange, !exchange.responseTransforms.isEmpty, phase == .exchange, !responseDone, held == nil else {
            flushOut()
            return
        }
        flushTransforms(exchange)
        flushOut()
    }

    func upstreamWritable() {
        if let spool, let upstream, let offset = spoolOffset { sendSpool(spool, to: upstream, from: offset) }
        resumeReading()
        if phase == .exchange, !requestBodyDone { proceed() }
    }

    // MARK: Failures

    func upstreamFailed(_ error: UpstreamError) {
        upstream = nil
        sendingBody = false
        held = nil
        spoolOffset = nil
        wait = .nothing
        guard phase == .exchange || phase == .tunnel, let exchange else { return }
        endOriginDuration()
        guard !headWritten else {
            // The client has part of an answer: only a broken connection tells it that the rest will not come.
            return close()
        }
        // The time for the answer of this attempt is not that of the next.
        if requestBodyDone { deadline = answerBy }
        // The head of a broken answer may have been held back, and some of its body with it.
        headHeld = false
        exchange.responseTransforms.removeAll()
        if !error.answered, let server = exchange.server {
            if error.unprocessed, replayIsWhole, resends < Self.mostResends {
                resends += 1
                send(exchange, to: server, fresh: false, onlyHTTP1: error.requiresHTTP1)
                upstream?.flush()
                return
            }
            if error.reused, mayRepeat(exchange) { return send(exchange, to: server, fresh: true) }
        }
        figures.originStatus = error.status
        figures.originBytes = UInt64(StatusText.reason(error.status)?.utf8CodeUnitCount ?? 0)
        var index = exchange.reached - 1
        var place = exchange.passages.count - 1
        while true {
            while place >= 0, exchange.passages[place].depth > index {
                let passage = exchange.passages[place]
                if case .divert(let service) = passage.owner.failed(exchange, passage, error) {
                    divert(exchange, from: place, to: service)
                    return sendOff()
                }
                place -= 1
            }
            guard index >= 0 else { break }
            let middleware = exchange.chain[index]
            if middleware.phases.contains(.failure), !skipped.contains(index) {
                switch middleware.failure(exchange, error) {
                case .pass: break
                case .retry(let delay): return retry(exchange, at: index, after: delay)
                case .respond: return respondLocally(exchange, from: index)
                }
            }
            index -= 1
        }
        _ = exchange.respondWithStatusText(error.status)
        respondLocally(exchange, from: exchange.reached)
    }

    /// How often a request is sent again that servers did not take (RFC 9113 §8.7): a server that takes none must not keep us busy.
    private static let mostResends = 5

    /// A connection that had served before may have died just as we wrote. Sending again is safe when the server cannot have
    /// acted twice: the method is safe and no body went with it (RFC 9112 §9.3.1).
    private func mayRepeat(_ exchange: Exchange) -> Bool {
        switch exchange.request.method {
        case .get, .head, .options, .trace:
            return exchange.request.framing.isEmpty
        case .post, .put, .delete, .connect, .patch, .other:
            return false
        }
    }

    private static let mostNested = 16

    func retry(_ exchange: Exchange, at index: Int, after delay: TimeAmount) {
        guard exchange.retries < 1000, let snapshot = snapshots.last(where: { $0.index == index }) else {
            _ = exchange.respondWithStatusText(502)
            return writeLocalResponse(exchange)
        }
        exchange.retries += 1
        // Those inside see the request once more.
        finishMiddlewares(of: exchange, from: index + 1)
        resumeClientRequest(exchange, at: index)
        exchange.request = snapshot.head.copy()
        snapshots.removeAll { $0.index > index }
        exchange.endPassages(inside: index, isAnswered: false)
        leaveServices(inside: index, exchange)
        exchange.reached = index + 1
        exchange.responseTransforms.removeAll()
        // Answers that are made here come back at once, one call within the other: now and then the stack has to end.
        guard delay > .zero || exchange.retries % Self.mostNested == 0 else {
            runChain(exchange, from: index + 1)
            // Nothing else brings it on its way: it was not the client that was read from.
            upstream?.flush()
            return
        }
        wait = .retry
        generation &+= 1
        let generation = self.generation
        loop.eventLoop.assumeIsolated().scheduleTask(in: delay) { [self] in
            guard self.generation == generation, wait == .retry, phase == .exchange else { return }
            wait = .nothing
            runChain(exchange, from: index + 1)
            proceed()
        }
    }

    func dropUpstream() {
        upstream?.abandon()
        upstream = nil
        sendingBody = false
        spoolOffset = nil
    }

    /// The answer has come, and another takes its place.
    func discardAnswer() {
        upstream?.discard()
        upstream = nil
        sendingBody = false
        spoolOffset = nil
    }

    // MARK: Tunnels

    func forwardTunnel(_ bytes: ByteBuffer) {
        guard let upstream else { return }
        figures.requestBytes &+= UInt64(bytes.readableBytes)
        upstream.write(bytes)
        upstream.flush()
        if !upstream.isWritable { pauseReading() }
    }
}
