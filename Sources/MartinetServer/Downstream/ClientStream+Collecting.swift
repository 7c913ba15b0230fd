import MartinetCore
import MartinetHTTP
import NIOCore

/// Request bodies that a middleware wants whole.
extension ClientStream {
    /// Gives the middleware at `index` the body it asks for, at once if it is here. `limit` and `memory` as of
    /// ``RequestOutcome/bufferBody(limit:memory:)``.
    func buffer(for index: Int, limit: Int?, memory: Int, _ exchange: Exchange) -> Step {
        // A request of our own carries no body, whatever the client still sends of its own.
        if isOwnRequest {
            if exchange.bufferedBody == nil { exchange.bufferedBody = ByteBuffer() }
            return step(exchange.chain[index].requestBody(exchange), at: index, exchange)
        }
        if spool == nil, exchange.bufferedBody == nil, let sent = takeReplay() {
            guard replayIsWhole else {
                _ = exchange.respondWithStatusText(502)
                respondLocally(exchange, from: index)
                return .stop
            }
            if let limit, sent.readableBytes > limit {
                exchange.canReplay = false
                return step(exchange.chain[index].requestBodyTooLarge(exchange), at: index, exchange)
            }
            if requestBodyDone {
                exchange.bufferedBody = sent
            } else {
                return collectBody(of: index, limit: limit, memory: memory, begun: sent, exchange)
            }
        }
        if let spool {
            if spool.count > limit ?? Self.longestLoad {
                return step(exchange.chain[index].requestBodyTooLarge(exchange), at: index, exchange)
            }
            if memory < .max { return step(exchange.chain[index].requestBody(exchange), at: index, exchange) }
            loadSpool(spool, for: index)
            return .stop
        }
        if exchange.bufferedBody != nil || requestBodyDone {
            if exchange.bufferedBody == nil { exchange.bufferedBody = ByteBuffer() }
            if let limit, (exchange.bufferedBody?.readableBytes ?? 0) > limit {
                return step(exchange.chain[index].requestBodyTooLarge(exchange), at: index, exchange)
            }
            return step(exchange.chain[index].requestBody(exchange), at: index, exchange)
        }
        if let limit, case .length(let announced) = exchange.request.framing, announced > UInt64(limit) {
            return step(exchange.chain[index].requestBodyTooLarge(exchange), at: index, exchange)
        }
        return collectBody(of: index, limit: limit, memory: memory, begun: nil, exchange)
    }

    /// Waits for the body that the middleware at `index` asked for. `begun`: what came of it while an attempt before was under way.
    private func collectBody(
        of index: Int, limit: Int?, memory: Int, begun: ByteBuffer?, _ exchange: Exchange
    ) -> Step {
        collectLimit = limit
        collectMemory = memory
        collected = nil
        if memory < .max { spool = Spool(memory: memory, loop: loop) }
        if let begun {
            if let spool { spool.append(begun) } else { collected = begun }
        }
        wait = .body(index)
        sendContinue(exchange)
        resumeReading()
        if let spool, spool.isBusy { pauseReading(until: spool) }
        // The head may be alone in what was read so far; `advance` goes on with the rest.
        return .stop
    }

    /// What was sent of the body in the attempt before, in one piece; nil when nothing was. It must not be sent beside the body that
    /// a middleware asks for now.
    private func takeReplay() -> ByteBuffer? {
        guard replayBytes > 0 else { return nil }
        var whole = ByteBuffer()
        for var piece in replay { whole.writeBuffer(&piece) }
        replay = []
        replayBytes = 0
        return whole
    }

    /// Longest body, in bytes, that is read from a file into memory for a middleware that asks for any.
    private static let longestLoad = 64 << 20

    /// Adds a piece to the body that a middleware asked for.
    func collect(_ piece: ByteBuffer) {
        var piece = piece
        figures.requestBytes &+= UInt64(piece.readableBytes)
        if let transform = exchange?.requestTransform, !transform.transform(&piece, end: false) {
            collected = nil
            spool = nil
            return bodyBroken()
        }
        if let spool {
            spool.append(piece)
            if let limit = collectLimit, spool.count > limit { return collectedTooMuch() }
            if spool.isBusy { pauseReading(until: spool) }
            return
        }
        if collected == nil { collected = piece } else { collected?.writeBuffer(&piece) }
        if let limit = collectLimit, (collected?.readableBytes ?? 0) > limit { collectedTooMuch() }
    }

    /// Reads nothing until `spool` is busy no more.
    private func pauseReading(until spool: Spool) {
        pauseReading()
        // Not before: what was ever referred to weakly is dearer to retain from then on.
        guard spool.whenReady == nil else { return }
        spool.whenReady = { [weak self] in
            self?.resumeReading()
            self?.proceed()
        }
    }

    func collectedAll() {
        guard case .body(let index) = wait, let exchange else { return }
        var rest = ByteBuffer()
        if let transform = exchange.requestTransform, !transform.transform(&rest, end: true) { return bodyBroken() }
        if let spool {
            if rest.readableBytes > 0 { spool.append(rest) }
            return spooledAll(spool, for: index)
        }
        wait = .nothing
        var body = collected.take() ?? ByteBuffer()
        body.writeBuffer(&rest)
        exchange.bufferedBody = body
        go(on: exchange.chain[index].requestBody(exchange), at: index, exchange)
    }

    func collectedTooMuch() {
        guard case .body(let index) = wait, let exchange else { return }
        wait = .nothing
        collected = nil
        spool = nil
        // What was read of the body is gone.
        exchange.canReplay = false
        go(on: exchange.chain[index].requestBodyTooLarge(exchange), at: index, exchange)
    }
}
