import MartinetCore
import MartinetHTTP
import NIOCore

/// Reading requests: heads, bodies, and what follows too early.
extension HTTP1Connection {
    /// Does all that the bytes at hand allow. Called from within itself (an answer given at once makes room for the next
    /// request) it does nothing: the loop under way sees the new state.
    func advance() {
        guard !isAdvancing else { return }
        isAdvancing = true
        defer { isAdvancing = false }
        while true {
            switch phase {
            case .idle, .head:
                // A client that does not read its answers is not given more of them to keep.
                guard isWritable else { return pauseReading() }
                guard input != nil else { return awaitInput() }
                guard parseHead() else { return }
            case .exchange:
                guard !requestBodyDone else { return holdBack() }
                guard pumpBody() else { return }
            case .draining:
                guard drainBody() else { return }
            case .tunnel, .closing, .closed:
                return
            }
        }
    }

    /// A next request arrived before this one was answered: it waits, and so does the client once it has sent enough.
    private func holdBack() {
        if let input, input.readableBytes > Self.inputLimit { pauseReading() }
    }

    /// Returns whether there may be more to do at once.
    private func parseHead() -> Bool {
        guard var bytes = input.take() else { return false }
        let exchange = self.exchange ?? loop.takeExchange(for: info)
        self.exchange = exchange
        let result = parser.parse(&bytes, into: &exchange.request)
        if bytes.readableBytes > 0 { input = bytes }
        switch result {
        case .needMore:
            if phase == .idle {
                phase = .head
                // For the first request it counts from the beginning of the connection.
                if requestsServed > 0 { setDeadline(after: settings.timeouts.read) }
            }
            awaitInput()
            return false
        case .refused(let refusal):
            refuse(refusal)
            return phase == .idle
        case .head:
            begin(exchange)
            return input != nil
        }
    }

    private func begin(_ exchange: Exchange) {
        decoder = HTTP1BodyDecoder(framing: exchange.request.framing)
        serve(exchange, by: phase == .head ? deadline : .max)
    }

    // MARK: Bodies

    /// Moves the request body on to whoever wants it. Returns whether there may be more to do.
    func pumpBody() -> Bool {
        if case .body = wait { return collectBody() }
        guard sendingBody, let upstream else {
            // Nobody to send to yet: the body stays in the socket once enough of it is here.
            holdBack()
            return false
        }
        guard upstream.isWritable else {
            pauseReading()
            return false
        }
        // Empty when the body's last piece was all there was: its end is still to be told.
        var bytes = input.take() ?? ByteBuffer()
        while phase == .exchange, !requestBodyDone {
            switch decoder.next(&bytes) {
            case .needMore:
                if bytes.readableBytes > 0 { input = bytes }
                awaitInput()
                return false
            case .data(let piece):
                figures.requestBytes &+= UInt64(piece.readableBytes)
                sendBody(piece)
                // Stop reading while the server is slow; what is left stays in `input`.
                if !requestBodyDone, sendingBody, self.upstream?.isWritable == false {
                    if bytes.readableBytes > 0 { input = bytes }
                    pauseReading()
                    return false
                }
            case .end:
                if bytes.readableBytes > 0 { input = bytes }
                requestTrailers = decoder.trailers
                bodyEnded()
                return input != nil
            case .refused(let refusal):
                bodyRefused(refusal)
                return false
            }
        }
        if bytes.readableBytes > 0 { input = bytes }
        return input != nil
    }

    private func collectBody() -> Bool {
        guard spool?.isBusy != true else {
            // The disk is slower than the client. What was read stays here, and the rest in the socket, until `Spool/whenReady`.
            pauseReading()
            return false
        }
        // Empty when the disk had to catch up with the last piece: the end is still to be told.
        var bytes = input.take() ?? ByteBuffer()
        while !requestBodyDone {
            switch decoder.next(&bytes) {
            case .needMore:
                if bytes.readableBytes > 0 { input = bytes }
                awaitInput()
                return false
            case .data(let piece):
                collect(piece)
                guard case .body = wait else {
                    if bytes.readableBytes > 0, phase == .exchange || phase == .draining { input = bytes }
                    return input != nil
                }
                guard spool?.isBusy != true else {
                    if bytes.readableBytes > 0 { input = bytes }
                    return false
                }
            case .end:
                if bytes.readableBytes > 0 { input = bytes }
                requestBodyDone = true
                beginAnswerTime()
                collectedAll()
                return input != nil
            case .refused(let refusal):
                bodyRefused(refusal)
                return false
            }
        }
        return false
    }

    /// After the answer: throws away what is left of the body, up to a bound, so that the connection can go on.
    private func drainBody() -> Bool {
        var bytes = input.take() ?? ByteBuffer()
        while true {
            switch decoder.next(&bytes) {
            case .needMore:
                if bytes.readableBytes > 0 { input = bytes }
                awaitInput()
                return false
            case .data(let piece):
                drained += piece.readableBytes
                if drained > 262_144 {
                    closeAfterWrites(linger: true)
                    return false
                }
            case .end:
                if bytes.readableBytes > 0 { input = bytes }
                becomeIdle()
                return input != nil
            case .refused:
                close()
                return false
            }
        }
    }

    /// The body's framing broke: the server's connection is of no use any more, and the client's neither.
    private func bodyRefused(_ refusal: HTTP1Refusal) {
        upstream?.abandon()
        upstream = nil
        sendingBody = false
        wait = .nothing
        guard !headWritten else { return close() }
        refuse(refusal)
    }

    /// Answers a malformed request and, unless its end is known, closes.
    func refuse(_ refusal: HTTP1Refusal) {
        guard let exchange else { return close() }
        // The method of a refused head is not to be trusted: the answer must carry its body.
        let body = refusal.body
        exchange.setLocalResponse(refusal.status)
        if body.utf8CodeUnitCount > 0 {
            exchange.response.headers.add(.contentType, "text/plain; charset=utf-8")
            exchange.setLocalBody(body.bytes)
        }
        let keep = refusal.keepsConnection && exchange.request.keepAlive
        var out = output.take()
        ResponseHeadWriter.write(
            exchange.response,
            .init(version: .http11, framing: exchange.response.framing, keepAlive: keep, announcedLength: nil),
            date: loop.dates.value(wall: DateCache.wallSeconds()),
            into: &out
        )
        var text = exchange.localBody
        out.writeBuffer(&text)
        output.put(consume out)
        // A malformed body comes after routing: middlewares and the access log have seen its beginning and hear of its end.
        figures.downstreamBytes = UInt64(exchange.localBody.readableBytes)
        finish(status: refusal.status)
        if keep {
            becomeIdle()
            flushOut()
        } else {
            closeAfterWrites(linger: true)
        }
    }
}
