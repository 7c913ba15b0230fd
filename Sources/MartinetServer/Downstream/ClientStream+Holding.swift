import MartinetCore
import MartinetHTTP
import NIOCore

/// Keeping whole bodies (``RequestOutcome/bufferBody(limit:memory:)``, ``ResponseOutcome/hold(limit:memory:)``), in files if they are
/// long, and sending them on from there.
extension ClientStream {
    // MARK: Answers

    /// The head has come; the body is to be kept for the middleware at `index`.
    func hold(_ exchange: Exchange, for index: Int, limit: Int?, memory: Int) {
        let transforms = exchange.responseTransforms
        if !transforms.isEmpty { exchange.responseTransforms.removeAll() }
        let held = HeldAnswer(
            index: index, limit: limit, spool: Spool(memory: memory, loop: loop), transforms: transforms)
        self.held = held
        // How long a body is that is yet to be changed, nobody knows.
        guard transforms.allSatisfy(\.keepsLength) else { return }
        if case .length(let length) = exchange.response.framing, let limit, length > UInt64(limit) { heldTooMuch(held) }
    }

    func keep(_ bytes: ByteBuffer, in held: HeldAnswer) {
        guard let exchange else { return }
        held.append(bytes, end: false, exchange)
        if held.isTooLong { return heldTooMuch(held) }
        guard held.spool.isBusy else { return }
        upstream?.pauseReading()
        // Not before: what was ever referred to weakly is dearer to retain from then on.
        if held.spool.whenReady == nil { held.spool.whenReady = { [weak self] in self?.upstream?.resumeReading() } }
    }

    private func heldTooMuch(_ held: HeldAnswer) {
        guard let exchange else { return }
        discardAnswer()
        self.held = nil
        // They were made for the answer that is gone.
        exchange.responseTransforms.removeAll()
        _ = exchange.respondWithStatusText(500)
        respondLocally(exchange, from: held.index)
    }

    /// The whole answer is here.
    func heldAll(_ held: HeldAnswer) {
        guard let exchange else { return }
        held.append(ByteBuffer(), end: true, exchange)
        if held.isTooLong { return heldTooMuch(held) }
        held.trailers = exchange.responseTrailers.take()
        held.spool.finish { [self] isWritten in
            guard self.held === held, phase == .exchange, let exchange = self.exchange else { return }
            if isWritten {
                release(held, exchange)
            } else {
                self.held = nil
                exchange.responseTransforms.removeAll()
                _ = exchange.respondWithStatusText(500)
                respondLocally(exchange, from: held.index)
            }
            proceed()
        }
    }

    /// The middlewares further out have their say, then the answer goes out.
    private func release(_ held: HeldAnswer, _ exchange: Exchange) {
        exchange.response.framing = held.framing(after: exchange.response.framing)
        while true {
            switch runResponsePhases(exchange, from: held.index - 1) {
            case .hold(let index, let limit, _):
                held.index = index
                held.limit = limit
                if held.isTooLong { return heldTooMuch(held) }
                continue
            case .proceed:
                return deliver(held, exchange)
            case .retry(let index, let delay):
                self.held = nil
                retry(exchange, at: index, after: delay)
            case .replaced:
                self.held = nil
                writeLocalResponse(exchange)
            case .ask(let index, let service):
                self.held = nil
                ask(service, exchange, for: index)
            case .divert(let place, let service):
                self.held = nil
                divert(exchange, from: place, to: service)
            }
            return
        }
    }

    private func deliver(_ held: HeldAnswer, _ exchange: Exchange) {
        exchange.responseTrailers = held.trailers.take()
        // From here on there is no other attempt.
        exchange.canReplay = false
        forgetBody()
        startResponse(exchange)
        guard phase == .exchange else { return }
        if let content = held.spool.content {
            self.held = nil
            writeResponseBody(content, end: true)
        } else {
            sendHeld()
        }
    }

    /// Sends the next piece of the file, as soon as the client takes it.
    func sendHeld() {
        guard let held, headWritten || headHeld, phase == .exchange else { return }
        guard held.sent < held.spool.count else {
            self.held = nil
            return writeResponseBody(ByteBuffer(), end: true)
        }
        guard isWritable else {
            held.isWaiting = true
            return
        }
        held.isWaiting = false
        held.spool.read(at: held.sent) { [self] piece in
            guard self.held === held, phase == .exchange else { return }
            guard let piece else { return close() }
            held.sent += piece.readableBytes
            writeResponseBody(piece, end: false)
            flushOut()
            sendHeld()
            proceed()
        }
    }

    /// The client takes more again.
    func resumeHeld() {
        if let held, held.isWaiting { sendHeld() }
    }

    // MARK: Requests

    /// The body a middleware asked for is complete in `spool`.
    func spooledAll(_ spool: Spool, for index: Int) {
        let generation = self.generation
        spool.finish { [self] isWritten in
            guard generation == self.generation, case .body(index) = wait, let exchange else { return }
            wait = .nothing
            guard isWritten else {
                self.spool = nil
                _ = exchange.respondWithStatusText(500)
                respondLocally(exchange, from: index)
                return proceed()
            }
            if let content = spool.content {
                exchange.bufferedBody = content
                self.spool = nil
            }
            go(on: exchange.chain[index].requestBody(exchange), at: index, exchange)
            proceed()
        }
    }

    /// A middleware wants a body in memory that another has put into a file.
    func loadSpool(_ spool: Spool, for index: Int) {
        wait = .body(index)
        let generation = self.generation
        var whole = ByteBuffer()
        func next() {
            spool.read(at: whole.readableBytes) { [self] piece in
                guard generation == self.generation, case .body(index) = wait, let exchange else { return }
                guard var piece else { return close() }
                whole.writeBuffer(&piece)
                guard whole.readableBytes == spool.count else { return next() }
                wait = .nothing
                exchange.bufferedBody = whole
                self.spool = nil
                go(on: exchange.chain[index].requestBody(exchange), at: index, exchange)
                proceed()
            }
        }
        next()
    }

    /// Sends the file's body to the server, from `offset` on, as fast as that takes it.
    func sendSpool(_ spool: Spool, to upstream: UpstreamExchange, from offset: Int) {
        guard offset < spool.count else { return finishSending(upstream) }
        guard upstream.isWritable else {
            spoolOffset = offset
            return
        }
        spoolOffset = nil
        spool.read(at: offset) { [self] piece in
            guard self.upstream === upstream, phase == .exchange else { return }
            guard let piece else { return close() }
            upstream.write(piece)
            sendSpool(spool, to: upstream, from: offset + piece.readableBytes)
            upstream.flush()
        }
    }
}
