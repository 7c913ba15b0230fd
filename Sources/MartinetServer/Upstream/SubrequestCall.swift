import MartinetCore
import MartinetHTTP
import NIOCore

/// A request of the proxy's own, through the pools of its loop: sent whole, answered whole.
final class SubrequestCall: UpstreamConsumer {
    private let subrequest: Subrequest
    private let loop: LoopContext
    private let exchange: Exchange
    private var upstream: UpstreamExchange?
    private var body = ByteBuffer()
    private var trailers: TrailerSection?
    /// Bytes of a body that nobody wants.
    private var discarded = 0
    /// Set for origins of which the configuration knows nothing.
    private let ownPool: UpstreamPool?
    private var completion: ((Result<Subresponse, UpstreamError>) -> Void)?
    private var timer: Scheduled<Void>?
    private var repeated = false
    private var isStarting = false

    /// A body that nobody wants is read so far, to keep the connection; then it is cheaper to make a new one.
    private static let mostDiscarded = 65_536

    /// `pool`: connections to use instead of those the loop has for the server.
    init(_ subrequest: Subrequest, loop: LoopContext, info: ConnectionInfo, pool: UpstreamPool? = nil) {
        ownPool = pool
        self.subrequest = subrequest
        self.loop = loop
        self.exchange = Exchange(connection: info)
    }

    /// `completion` is never called before this returns.
    func start(_ completion: @escaping (Result<Subresponse, UpstreamError>) -> Void) {
        self.completion = completion
        isStarting = true
        defer { isStarting = false }
        var request = RequestHead()
        request.headers = subrequest.headers.copy()
        request.methodBytes = request.headers.store(subrequest.method)
        request.method =
            subrequest.method.utf8.withContiguousStorageIfAvailable {
                HTTPMethod(UnsafeRawBufferPointer($0))
            } ?? .other
        request.host = request.headers.store(subrequest.host)
        request.path = request.headers.store(subrequest.requestURI)
        exchange.request = request
        exchange.appendsForwardedFor = false
        timer = loop.eventLoop.assumeIsolated().scheduleTask(in: subrequest.timeout) { [self] in
            upstream?.abandon()
            finish(.failure(error(.headerTimeout, "no whole answer in time")))
        }
        send(fresh: false)
    }

    /// Gives up: `completion` is never called.
    func cancel() {
        completion = nil
        timer?.cancel()
        upstream?.abandon()
        upstream = nil
    }

    private func send(fresh: Bool, onlyHTTP1: Bool = false) {
        (ownPool ?? loop.pool(for: subrequest.server)).lease(fresh: fresh, onlyHTTP1: onlyHTTP1) { [self] result in
            guard completion != nil else {
                if case .success(let upstream) = result { upstream.handBack() }
                // Nobody else looks after this pool any more.
                ownPool?.closeIdle()
                return
            }
            switch result {
            case .success(let upstream): begin(on: upstream)
            case .failure(let error): finish(.failure(error))
            }
        }
    }

    private func begin(on upstream: UpstreamExchange) {
        self.upstream = upstream
        let framing =
            subrequest.body.map { BodyFraming.length(UInt64($0.readableBytes)) }
            ?? .ofMissingBody(exchange.request.method)
        let body = subrequest.body.flatMap { $0.readableBytes > 0 ? $0 : nil }
        upstream.begin(exchange, to: subrequest.server, framing: framing, end: body == nil, consumer: self)
        if let body { upstream.write(body) }
        upstream.finish(nil)
        upstream.flush()
    }

    func upstreamInterim() {}
    func upstreamHead() {}

    func upstreamSwitched() {
        upstream?.abandon()
        finish(.failure(error(.malformed, "the server switched protocols without being asked to")))
    }

    func upstreamBody(_ bytes: ByteBuffer) {
        guard subrequest.takesBody else {
            discarded += bytes.readableBytes
            guard discarded > Self.mostDiscarded else { return }
            upstream?.abandon()
            return upstreamEnded()
        }
        if let limit = subrequest.maxResponseBody, body.readableBytes + bytes.readableBytes > limit {
            upstream?.abandon()
            return finish(.failure(error(.responseTooLarge, "the answer is longer than \(limit) bytes")))
        }
        body.writeImmutableBuffer(bytes)
    }

    func upstreamTrailers(_ trailers: TrailerSection?) { self.trailers = trailers }

    func upstreamKept(_ connection: UpstreamConnection) { connection.close() }

    func upstreamEnded() {
        finish(.success(Subresponse(head: exchange.takeResponse(), body: body, trailers: trailers)))
    }

    func upstreamFailed(_ error: UpstreamError) {
        upstream = nil
        // As with any request: a used connection may have died unnoticed. Asking twice does no harm without a body.
        if !error.answered, !repeated, error.unprocessed || (error.reused && subrequest.body == nil) {
            repeated = true
            return send(fresh: !error.unprocessed, onlyHTTP1: error.requiresHTTP1)
        }
        finish(.failure(error))
    }

    func upstreamPaused() {}
    func upstreamWritable() {}

    private func error(_ reason: UpstreamError.Reason, _ detail: String) -> UpstreamError {
        UpstreamError(stage: .exchange, reason: reason, peer: subrequest.server.authority, detail: detail)
    }

    private func finish(_ result: Result<Subresponse, UpstreamError>) {
        upstream = nil
        timer?.cancel()
        guard isStarting else { return deliver(result) }
        // Whoever asked is not waiting yet.
        loop.eventLoop.assumeIsolated().execute { [self] in deliver(result) }
    }

    private func deliver(_ result: Result<Subresponse, UpstreamError>) {
        guard let completion else { return }
        self.completion = nil
        completion(result)
    }
}
