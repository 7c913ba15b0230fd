import MartinetCore
import MartinetHTTP
import NIOCore

/// The server's side of an exchange: sending the request, hearing the answer, trying again.
extension HTTP1Connection: UpstreamConsumer {
    // MARK: Sending

    func send(_ exchange: Exchange, to server: UpstreamServer, fresh: Bool) {
        exchange.server = server
        if loop.accessLog != nil { upstreamStarted = loop.uptime }
        figures.originStatus = 0
        figures.originBytes = 0
        figures.originDuration = 0
        let pool = loop.pool(for: server)
        if !ownUpstreams.isEmpty, let own = ownUpstreams.first(where: { $0.pool === pool && $0.isUsable }) {
            return begin(on: own, server, exchange)
        }
        if !fresh, let connection = pool.leaseIdle() {
            return begin(on: connection, server, exchange)
        }
        wait = .connection
        generation &+= 1
        let generation = self.generation
        pool.lease(fresh: fresh) { [self] result in
            guard self.generation == generation, wait == .connection, phase == .exchange else {
                // The client left meanwhile; the connection serves the next one.
                if case .success(let connection) = result { connection.handBack() }
                return
            }
            wait = .nothing
            switch result {
            case .success(let connection):
                begin(on: connection, server, exchange)
            case .failure(let error):
                upstreamFailed(error)
            }
            proceed()
        }
    }

    private func begin(on connection: UpstreamConnection, _ server: UpstreamServer, _ exchange: Exchange) {
        upstream = connection
        connection.begin(exchange, consumer: self)
        var framing = exchange.request.framing
        if let body = exchange.bufferedBody { framing = .length(UInt64(body.readableBytes)) }
        var head = connection.output.take()
        RequestHeadWriter.write(exchange, to: server, framing: framing, into: &head)
        connection.output.put(consume head)
        if let body = exchange.bufferedBody { connection.write(body) }
        for piece in replay { writeBody(piece, to: connection) }
        sendContinue(exchange)
        if requestBodyDone {
            finishSending(connection)
        } else {
            sendingBody = true
            resumeReading()
        }
    }

    /// One piece of the body goes out, and into memory while another attempt may need it.
    func sendBody(_ piece: ByteBuffer) {
        guard let upstream, let exchange else { return }
        if exchange.replayLimit == nil || (exchange.replayLimit ?? 0) > 0 {
            remember(piece, exchange)
        } else {
            exchange.canReplay = false
        }
        writeBody(piece, to: upstream)
    }

    private func remember(_ piece: ByteBuffer, _ exchange: Exchange) {
        guard exchange.canReplay else { return }
        replayBytes += piece.readableBytes
        if let limit = exchange.replayLimit, replayBytes > limit {
            exchange.canReplay = false
            replay = []
        } else {
            replay.append(piece)
        }
    }

    private func writeBody(_ piece: ByteBuffer, to connection: UpstreamConnection) {
        guard let exchange else { return }
        if exchange.request.framing == .chunked {
            var framed = connection.output.take()
            HTTP1Writer.writeChunkHeader(piece.readableBytes, to: &framed)
            connection.output.put(consume framed)
            connection.write(piece)
            connection.write(Chunk.lineEnd)
        } else {
            connection.write(piece)
        }
    }

    func bodyEnded() {
        requestBodyDone = true
        setDeadline(after: settings.timeouts.write)
        if let upstream { finishSending(upstream) }
    }

    private func finishSending(_ connection: UpstreamConnection) {
        sendingBody = false
        if let exchange, exchange.request.framing == .chunked, exchange.bufferedBody == nil {
            guard let trailers = decoder.trailers else {
                connection.write(Chunk.last)
                return finishRequest(connection)
            }
            var end = connection.output.take()
            HTTP1Writer.writeLastChunk(trailers: trailers, to: &end)
            connection.output.put(consume end)
        }
        finishRequest(connection)
    }

    private func finishRequest(_ connection: UpstreamConnection) {
        connection.finishRequest()
        if upstream === connection, !connection.hasAnswered {
            let limit = exchange?.server?.transport.responseHeaderTimeout ?? 0
            if limit > 0 { setDeadline(after: UInt64(limit)) }
        }
    }

    /// The client waits for a word before it sends its body: it gets it once somebody wants the body.
    func sendContinue(_ exchange: Exchange) {
        guard exchange.request.expectsContinue, !continueSent, !requestBodyDone, !headWritten else { return }
        continueSent = true
        var out = output.take()
        out.writeStaticString("HTTP/1.1 100 Continue\r\n\r\n")
        output.put(consume out)
        flushOut()
    }

    // MARK: Answers

    func upstreamInterim() {
        guard let exchange, !headWritten, exchange.request.version != .http10 else { return }
        var out = output.take()
        ResponseHeadWriter.writeInterim(exchange.response, into: &out)
        output.put(consume out)
    }

    func upstreamHead() {
        guard let exchange else { return }
        figures.originStatus = exchange.response.status
        if requestBodyDone { setDeadline(after: settings.timeouts.write) }
        exchange.isLocalResponse = false
        switch runResponsePhases(exchange, from: exchange.reached - 1) {
        case .proceed:
            startResponse(exchange)
        case .retry(let index, let delay):
            dropUpstream()
            retry(exchange, at: index, after: delay)
        case .replaced:
            dropUpstream()
            writeLocalResponse(exchange)
        }
    }

    func upstreamSwitched() {
        guard let exchange else { return }
        figures.originStatus = 101
        phase = .tunnel
        deadline = .max
        headWritten = true
        var out = output.take()
        ResponseHeadWriter.writeInterim(exchange.response, into: &out)
        output.put(consume out)
        flushOut()
        resumeReading()
        // What the client sent behind its request was meant for the new protocol.
        if let early = input.take(), early.readableBytes > 0 { forwardTunnel(early) }
    }

    func upstreamBody(_ bytes: ByteBuffer) {
        figures.originBytes &+= UInt64(bytes.readableBytes)
        if phase == .tunnel {
            figures.downstreamBytes &+= UInt64(bytes.readableBytes)
            output.append(bytes)
        } else {
            writeResponseBody(bytes, end: false)
        }
        if !isWritable { upstream?.pauseReading() }
    }

    func upstreamTrailers(_ trailers: TrailerSection?) { responseTrailers = trailers }

    func upstreamEnded() {
        let connection = upstream
        upstream = nil
        sendingBody = false
        endOriginDuration()
        if phase == .tunnel {
            finish(status: 0)
            closeAfterWrites(linger: false)
            return
        }
        guard phase == .exchange, connection != nil else { return }
        writeResponseBody(ByteBuffer(), end: true)
    }

    func upstreamKept(_ connection: UpstreamConnection) {
        ownUpstreams.removeAll { $0 === connection || !$0.isUsable }
        ownUpstreams.append(connection)
    }

    func upstreamPaused() {
        guard let exchange, !exchange.responseTransforms.isEmpty, phase == .exchange, !responseDone else {
            flushOut()
            return
        }
        flushTransforms(exchange)
        flushOut()
    }

    func upstreamWritable() {
        resumeReading()
        if phase == .exchange, !requestBodyDone { proceed() }
    }

    // MARK: Failures

    func upstreamFailed(_ error: UpstreamError) {
        upstream = nil
        sendingBody = false
        wait = .nothing
        guard phase == .exchange || phase == .tunnel, let exchange else { return }
        endOriginDuration()
        guard !headWritten else {
            // The client has part of an answer: only a broken connection tells it that the rest will not come.
            return close()
        }
        // The head of a broken answer may have been held back, and some of its body with it.
        headHeld = false
        exchange.responseTransforms.removeAll()
        if error.reused, !error.answered, mayRepeat(exchange), let server = exchange.server {
            return send(exchange, to: server, fresh: true)
        }
        figures.originStatus = error.status
        figures.originBytes = UInt64(StatusText.reason(error.status)?.utf8CodeUnitCount ?? 0)
        var index = exchange.reached - 1
        while index >= 0 {
            let middleware = exchange.chain[index]
            if middleware.phases.contains(.failure) {
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

    /// A connection that had served before may have died just as we wrote. Sending again is safe when the server cannot have
    /// acted twice: the method is safe and no body went with it (RFC 9112 §9.3.1).
    private func mayRepeat(_ exchange: Exchange) -> Bool {
        switch exchange.request.method {
        case .get, .head, .options, .trace:
            return exchange.request.framing == .none || exchange.request.framing == .length(0)
        case .post, .put, .delete, .connect, .patch, .other:
            return false
        }
    }

    func retry(_ exchange: Exchange, at index: Int, after delay: TimeAmount) {
        guard exchange.retries < 1000, let snapshot = snapshots.last(where: { $0.index == index }) else {
            _ = exchange.respondWithStatusText(502)
            return writeLocalResponse(exchange)
        }
        exchange.retries += 1
        exchange.request = snapshot.head.copy()
        snapshots.removeAll { $0.index > index }
        exchange.reached = index + 1
        exchange.responseTransforms.removeAll()
        guard delay > .zero else { return runChain(exchange, from: index + 1) }
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

/// The fixed parts of chunked framing (RFC 9112 §7.1).
enum Chunk {
    static let lineEnd = ByteBuffer(string: "\r\n")
    static let last = ByteBuffer(string: "0\r\n\r\n")
}
