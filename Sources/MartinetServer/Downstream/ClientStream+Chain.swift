import MartinetCore
import MartinetHTTP
import NIOCore

/// Routing and the middleware chain.
extension ClientStream: ExchangeDriver {
    var eventLoop: any EventLoop { loop.eventLoop }

    // MARK: Routing

    func route(_ exchange: Exchange) {
        guard !loop.shedsRequests || settings.isReserved else { return shed(exchange) }
        switch exchange.request.method {
        case .connect:
            exchange.request.keepAlive = false
            exchange.setLocalResponse(501)
            return writeLocalResponse(exchange)
        case .options where exchange.request.withPath({ $0.count == 1 && $0[0] == UInt8(ascii: "*") }):
            exchange.setLocalResponse(200)
            return writeLocalResponse(exchange)
        case .trace:
            // Echoing a request back shows credentials to scripts and skips what middlewares hide (RFC 9110 §9.3.8).
            _ = exchange.respondWithStatusText(405)
            return writeLocalResponse(exchange)
        default:
            break
        }
        guard prepare(exchange) else { return }
        exchange.routed = RoutedTarget(exchange.request)
        guard settings.number < loop.tables.count, let table = loop.tables[settings.number],
            let route = match(exchange, in: info.isTLS ? table.secure : table.plain)
        else {
            _ = exchange.respondWithPlainText(404, "404 page not found")
            return writeLocalResponse(exchange)
        }
        guard admitsHost() else {
            exchange.routerName = route.name
            _ = exchange.respondWithPlainText(421, "Misdirected Request")
            return writeLocalResponse(exchange)
        }
        guard exchange.request.headers.withBytes(exchange.request.path, { settings.encodedCharacters.allows($0) })
        else {
            self.route = route
            exchange.routerName = route.name
            exchange.setLocalResponse(400)
            return writeLocalResponse(exchange)
        }
        enter(route, exchange)
    }

    /// There is no memory to serve a request with.
    private func shed(_ exchange: Exchange) {
        exchange.request.keepAlive = false
        _ = exchange.respondWithStatusText(503)
        exchange.response.headers.add(name: "Retry-After", value: "1")
        writeLocalResponse(exchange)
    }

    private func enter(_ route: Route, _ exchange: Exchange) {
        self.route = route
        let first = exchange.chain.count
        if first == 0 { exchange.chain = route.chain } else { exchange.chain += route.chain }
        exchange.routerName = exchange.routerName.isEmpty ? route.name : exchange.routerName + " -> " + route.name
        runChain(exchange, from: first)
    }

    /// What the entry point does to a request before it is routed. Returns false when it was answered.
    private func prepare(_ exchange: Exchange) -> Bool {
        if exchange.request.headers.hasAliases {
            switch settings.aliasHeaders {
            case .keep:
                break
            case .delete:
                exchange.request.headers.removeAll { block, entry in
                    block.withBytes(entry.name) { name in !name.allSatisfy(HeaderBlock.isPlainNameByte) }
                }
            case .reject:
                _ = exchange.respondWithPlainText(400, "Bad Request")
                writeLocalResponse(exchange)
                return false
            }
        }
        guard PathNormalizer.normalize(&exchange.request, sanitize: settings.sanitizePath) else {
            exchange.setLocalResponse(400)
            writeLocalResponse(exchange)
            return false
        }
        if exchange.request.hasQuery {
            QuerySemicolons.apply(to: &exchange.request, encode: settings.encodesQuerySemicolons)
        }
        ForwardedHeaders.apply(to: exchange, settings: settings.forwarded, hostName: loop.hostName)
        return true
    }

    private func match(_ exchange: Exchange, in table: RoutingTable<Route>) -> Route? {
        match(exchange.request, in: table)
    }

    private func match(_ request: borrowing RequestHead, in table: RoutingTable<Route>) -> Route? {
        loop.hostScratch.clear()
        loop.pathScratch.clear()
        request.headers.withBytes(request.host) { HostName.write($0, to: &loop.hostScratch) }
        let decoded = request.withPath { RoutingPath.write($0, to: &loop.pathScratch) }
        return loop.hostScratch.withUnsafeReadableBytes { host in
            if decoded {
                return loop.pathScratch.withUnsafeReadableBytes { path in
                    table.match(request, host: host, path: path, peer: info.peer)
                }
            }
            return request.withPath { path in
                table.match(request, host: host, path: path, peer: info.peer)
            }
        }
    }

    // MARK: Chain

    func runChain(_ exchange: Exchange, from start: Int) {
        var index = start
        let chain = exchange.chain
        while index < chain.count {
            exchange.reached = index + 1
            let middleware = chain[index]
            if middleware.phases.contains(.retry) {
                snapshots.append(RequestSnapshot(index: index, head: exchange.request.copy()))
            }
            switch step(middleware.request(exchange), at: index, exchange) {
            case .next: index += 1
            case .stop: return
            }
        }
        callService(exchange)
    }

    enum Step { case next, stop }

    /// Carries out what the middleware at `index` decided.
    func step(_ outcome: RequestOutcome, at index: Int, _ exchange: Exchange) -> Step {
        switch outcome {
        case .proceed:
            return .next
        case .respond:
            respondLocally(exchange, from: index)
            return .stop
        case .wait:
            wait = .middleware(index)
            return .stop
        case .abort:
            close()
            return .stop
        case .bufferBody(let limit, let memory):
            return buffer(for: index, limit: limit, memory: memory, exchange)
        }
    }

    func go(on outcome: RequestOutcome, at index: Int, _ exchange: Exchange) {
        switch step(outcome, at: index, exchange) {
        case .next: runChain(exchange, from: index + 1)
        case .stop: break
        }
    }

    func resume(_ outcome: RequestOutcome) {
        guard let exchange, phase == .exchange else { return }
        switch wait {
        case .middleware(let index):
            wait = .nothing
            go(on: outcome, at: index, exchange)
            proceed()
        case .service:
            wait = .nothing
            respondLocally(exchange, from: exchange.reached)
            proceed()
        case .nothing, .body, .retry, .connection:
            break
        }
    }

    private func callService(_ exchange: Exchange) {
        guard let route else { return }
        if let children = route.children {
            guard let child = match(exchange, in: children) else {
                _ = exchange.respondWithPlainText(404, "404 page not found")
                return respondLocally(exchange, from: exchange.reached)
            }
            return enter(child, exchange)
        }
        if let service = entered.last?.service {
            exchange.serviceName = service.name
            return carryOut(service.serve(exchange), exchange)
        }
        exchange.serviceName = route.serviceName
        carryOut(route.service.serve(exchange), exchange)
    }

    /// Has `service` decide, and does what it decides. What it answers itself passes the middlewares that the request has reached.
    func serve(_ exchange: Exchange, by service: any HTTPService) {
        exchange.serviceName = service.name
        carryOut(service.serve(exchange), exchange)
    }

    /// Does what a service decided.
    private func carryOut(_ outcome: ServiceOutcome, _ exchange: Exchange) {
        switch outcome {
        case .forward(let server): send(exchange, to: server, fresh: false)
        case .respond: respondLocally(exchange, from: exchange.reached)
        case .wait: wait = .service
        case .enter(let inner):
            let first = exchange.chain.count
            entered.append(EnteredService(start: first, service: inner.service))
            exchange.chain += inner.chain
            runChain(exchange, from: first)
        }
    }

    /// Leaves the services that were entered inside of the middleware at `index`; their middlewares are not run again.
    func leaveServices(inside index: Int, _ exchange: Exchange) {
        guard let first = entered.firstIndex(where: { $0.start > index }) else { return }
        exchange.chain.removeSubrange(entered[first].start...)
        entered.removeSubrange(first...)
    }

    /// The service that noted the passage at `place` wants another one to answer: goes back to where that passage began.
    func divert(_ exchange: Exchange, from place: Int, to service: any HTTPService) {
        let passage = exchange.passages[place]
        dropUpstream()
        exchange.responseTransforms.removeAll()
        headHeld = false
        finishMiddlewares(of: exchange, from: passage.depth)
        resumeClientRequest(exchange, at: passage.depth)
        exchange.endPassages(from: place, isAnswered: true)
        leaveServices(inside: passage.depth - 1, exchange)
        exchange.reached = min(exchange.reached, passage.depth)
        snapshots.removeAll { $0.index >= passage.depth }
        if let copy = passage.copy { exchange.request = copy.head.copy() }
        serve(exchange, by: service)
    }

    // MARK: For middlewares

    func call(_ subrequest: Subrequest, completion: @escaping (Result<Subresponse, UpstreamError>) -> Void) {
        let call = SubrequestCall(subrequest, loop: loop, info: info)
        calls.append(call)
        call.start { [self] result in
            calls.removeAll { $0 === call }
            completion(result)
        }
    }

    func schedule(after delay: TimeAmount, completion: @escaping () -> Void) {
        let generation = self.generation
        loop.eventLoop.assumeIsolated().scheduleTask(in: delay) { [self] in
            if generation == self.generation, phase == .exchange { completion() }
        }
    }

    func offload<Value: Sendable>(_ work: @escaping @Sendable () -> Value, completion: @escaping (Value) -> Void) {
        let promise = loop.eventLoop.makePromise(of: Value.self)
        wait(for: promise.futureResult) { result in
            // Fails only when nobody waits.
            if case .success(let value) = result { completion(value) }
        }
        let order = OffloadedWork()
        offloaded = order
        loop.offload {
            if order.isWanted { promise.succeed(work()) } else { promise.fail(CancellationError()) }
        }
    }

    func wait<Value: Sendable>(
        for future: EventLoopFuture<Value>, completion: @escaping (Result<Value, any Error>) -> Void
    ) {
        let generation = self.generation
        future.assumeIsolated().whenComplete { [self] result in
            if generation == self.generation, phase == .exchange { completion(result) }
        }
    }
}
