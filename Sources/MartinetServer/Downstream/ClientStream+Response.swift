import MartinetCore
import MartinetHTTP
import NIOCore

/// Writing the answer, whoever gave it, and ending the exchange.
extension ClientStream {
    enum ResponseVerdict {
        case proceed
        case retry(index: Int, delay: TimeAmount)
        case replaced
        case ask(index: Int, service: any HTTPService)
        case hold(index: Int, limit: Int?, memory: Int)
        /// The service whose passage stands at `place` has another one answer.
        case divert(place: Int, service: any HTTPService)
    }

    // MARK: The chain, on its way out

    /// Runs the response phases from `start` outwards, and between them tells the services that are on the way.
    func runResponsePhases(_ exchange: Exchange, from start: Int) -> ResponseVerdict {
        if exchange.passages.isEmpty {
            guard start >= 0, route?.phases.contains(.response) ?? false || exchange.chain.count != route?.chain.count
            else {
                return .proceed
            }
        }
        var index = start
        // Services further inside have heard of an answer that a middleware held.
        var place = exchange.passages.lastIndex { $0.depth <= start + 1 } ?? -1
        var replaced = false
        while true {
            while place >= 0, exchange.passages[place].depth > index {
                let passage = exchange.passages[place]
                if case .divert(let service) = passage.owner.answered(exchange, passage) {
                    return .divert(place: place, service: service)
                }
                place -= 1
            }
            guard index >= 0 else { break }
            let middleware = exchange.chain[index]
            if middleware.phases.contains(.response), !skipped.contains(index) {
                switch middleware.response(exchange) {
                case .proceed: break
                case .retry(let delay): return .retry(index: index, delay: delay)
                case .ask(let service): return .ask(index: index, service: service)
                case .hold(let limit, let memory): return .hold(index: index, limit: limit, memory: memory)
                case .replaced:
                    replaced = true
                    // They were made for the answer that is gone.
                    exchange.responseTransforms.removeAll()
                }
            }
            index -= 1
        }
        return replaced ? .replaced : .proceed
    }

    /// Answers with what a middleware at `index`, or the service, put into the exchange: only those further out see it.
    func respondLocally(_ exchange: Exchange, from index: Int) {
        switch runResponsePhases(exchange, from: index - 1) {
        case .proceed, .replaced:
            writeLocalResponse(exchange)
        case .retry(let index, let delay):
            retry(exchange, at: index, after: delay)
        case .ask(let index, let service):
            ask(service, exchange, for: index)
        case .hold(let index, _, _):
            // It is whole already.
            respondLocally(exchange, from: index)
        case .divert(let place, let service):
            divert(exchange, from: place, to: service)
        }
    }

    /// A middleware wants another service's answer in the place of this one.
    func ask(_ service: any HTTPService, _ exchange: Exchange, for index: Int) {
        finishMiddlewares(of: exchange, from: index + 1)
        exchange.endPassages(inside: index, isAnswered: true)
        leaveServices(inside: index, exchange)
        exchange.reached = index + 1
        exchange.responseTransforms.removeAll()
        exchange.isLocalResponse = false
        skipped = index + 1..<exchange.chain.count
        if !isOwnRequest {
            asideBody = (exchange.bufferedBody, spool)
            exchange.bufferedBody = nil
            spool = nil
            isOwnRequest = true
        }
        serve(exchange, by: service)
        upstream?.flush()
    }

    func writeLocalResponse(_ exchange: Exchange) {
        exchange.response.keepAlive = true
        startResponse(exchange)
        guard phase == .exchange else { return }
        let body = exchange.localBody
        writeResponseBody(body, end: true)
    }

    // MARK: Head

    /// Decides the framing and writes the head, unless a transform asks to wait.
    func startResponse(_ exchange: Exchange) {
        if exchange.responseTransforms.isEmpty {
            writeHead(exchange, wholeBody: nil)
        } else {
            headHeld = true
        }
    }

    /// `wholeBody`: its length, when all of it is known already.
    private func writeHead(_ exchange: Exchange, wholeBody: Int?) {
        headHeld = false
        headWritten = true
        var framing = exchange.response.framing
        var announced: UInt64?
        let bodyless =
            exchange.request.method == .head || exchange.response.status == 204 || exchange.response.status == 304
        if bodyless {
            announced = announcedLength(exchange)
            framing = .none
        } else if exchange.responseTransforms.contains(where: { !$0.keepsLength }) {
            framing = wholeBody.map { .length(UInt64($0)) } ?? .chunked
        } else if framing == .none {
            framing = .length(0)
        } else if framing == .untilClose {
            framing = .chunked
        }
        responseFraming = framing
        figures.downstreamStatus = exchange.response.status
        emitHead(exchange, announced: announced)
    }

    /// The length an answer without body speaks of (RFC 9110 §8.6).
    private func announcedLength(_ exchange: Exchange) -> UInt64? {
        if exchange.isLocalResponse, exchange.request.method == .head, exchange.localBody.readableBytes > 0 {
            return UInt64(exchange.localBody.readableBytes)
        }
        guard exchange.response.status != 204, let value = exchange.response.headers.first(.contentLength) else {
            return nil
        }
        return exchange.response.headers.withBytes(value) { bytes in
            guard bytes.count > 0, bytes.count < 19 else { return nil }
            var number: UInt64 = 0
            for byte in bytes {
                guard byte &- 0x30 < 10 else { return nil }
                number = number &* 10 &+ UInt64(byte &- 0x30)
            }
            return number
        }
    }

    // MARK: Body

    func writeResponseBody(_ bytes: ByteBuffer, end: Bool) {
        guard let exchange, !responseDone else { return }
        var chunk = bytes
        if !exchange.responseTransforms.isEmpty {
            var verdict = TransformVerdict.release
            for transform in exchange.responseTransforms
            where transform.transform(&chunk, end: end, flush: false, exchange) == .hold { verdict = .hold }
            if headHeld {
                if verdict == .hold, !end { return }
                writeHead(exchange, wholeBody: end ? chunk.readableBytes : nil)
            }
        }
        if chunk.readableBytes > 0 { emit(chunk) }
        if end { endResponse(exchange) }
    }

    /// The server paused: what transforms hold back goes out now, so that events stream.
    func flushTransforms(_ exchange: Exchange) {
        var chunk = ByteBuffer()
        for transform in exchange.responseTransforms {
            _ = transform.transform(&chunk, end: false, flush: true, exchange)
        }
        if headHeld {
            guard chunk.readableBytes > 0 else { return }
            writeHead(exchange, wholeBody: nil)
        }
        if chunk.readableBytes > 0 { emit(chunk) }
    }

    private func emit(_ chunk: ByteBuffer) {
        guard responseFraming != .none else { return }
        figures.downstreamBytes &+= UInt64(chunk.readableBytes)
        emitBody(chunk)
    }

    /// The answer is whole, or no more of it is wanted.
    func endResponse(_ exchange: Exchange) {
        responseDone = true
        emitEnd()
        let status = figures.downstreamStatus
        if upstream != nil { dropUpstream() }
        finish(status: status)
        flushOut()
        if phase == .exchange { answerEnded() }
    }

    // MARK: The end

    /// Tells middlewares and the access log, and gives the exchange back.
    func finish(status: UInt16) {
        guard let exchange else { return }
        generation &+= 1
        wait = .nothing
        if !exchange.passages.isEmpty {
            exchange.endPassages(from: 0, isAnswered: responseDone || phase == .tunnel)
        }
        finishMiddlewares(of: exchange, from: 0)
        offloaded.take()?.cancel()
        for call in calls { call.cancel() }
        calls.removeAll()
        if let log = loop.accessLog, exchange.routed != nil, route?.logsAccess ?? settings.logsUnrouted {
            figures.downstreamStatus = status
            if status == 0 { figures.originStatus = 0 }
            // Of a page in the place of an answer, the status that it stands for, as in Traefik.
            if isOwnRequest, figures.originStatus != 0 { figures.originStatus = status }
            if figures.originDuration == 0 { endOriginDuration() }
            figures.duration = Int64(clamping: loop.uptime &- exchange.started.uptimeNanoseconds)
            log.record(exchange, figures)
            loop.recorded()
        }
        release(exchange)
    }

    /// Tells the middlewares that saw the request, from the inside out to the one at `start`.
    func finishMiddlewares(of exchange: Exchange, from start: Int) {
        guard exchange.reached > start else { return }
        for index in (start..<exchange.reached).reversed() where !skipped.contains(index) {
            let middleware = exchange.chain[index]
            if middleware.phases.contains(.finished) { middleware.finished(exchange) }
        }
    }

    /// Goes back to the client's own request, seen from the middleware at `index`: what was asked for inside of it is over.
    func resumeClientRequest(_ exchange: Exchange, at index: Int) {
        guard isOwnRequest, index < skipped.lowerBound else { return }
        skipped = 0..<0
        isOwnRequest = false
        guard let asideBody = asideBody.take() else { return }
        exchange.bufferedBody = asideBody.memory
        spool = asideBody.file
    }

    /// The server's part in this attempt is over.
    func endOriginDuration() {
        guard upstreamStarted > 0 else { return }
        figures.originDuration = Int64(clamping: loop.uptime &- upstreamStarted)
    }

    /// Lets go of the exchange's memory.
    func release(_ exchange: Exchange) {
        route = nil
        collected = nil
        spool = nil
        asideBody = nil
        held = nil
        requestTrailers = nil
        if !replay.isEmpty { replay = [] }
        replayBytes = 0
        releaseReplay()
        if !snapshots.isEmpty { snapshots = [] }
        if !entered.isEmpty { entered = [] }
        self.exchange = nil
        loop.recycle(exchange)
        requestsServed += 1
    }

    /// The client's connection is gone, or has to go, with an exchange under way.
    func clientGone() {
        dropUpstream()
        if let exchange {
            if exchange.server != nil, figures.originStatus == 0 { figures.originStatus = 499 }
            finish(
                status: phase == .tunnel || figures.originStatus == 101
                    ? 0 : (headWritten ? figures.downstreamStatus : 499))
        }
    }
}
