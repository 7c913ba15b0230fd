import MartinetCore
import MartinetHTTP
import NIOCore

/// An HTTP/1.1 connection to a server: sends one request at a time and reads its answer.
///
/// ```
///  idle ──begin──► head ──(1xx)──► head ──final head──► body ──end──► idle (pooled) or closed
///                    └──────101──► tunnel ──► closed
/// ```
final class UpstreamConnection: UpstreamExchange, ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private enum State {
        case idle, head, body, tunnel, closed
    }

    private let output: SocketOutput
    let pool: UpstreamPool
    private let loop: LoopContext
    private var context: ChannelHandlerContext?
    private var state = State.idle
    private var consumer: (any UpstreamConsumer)?
    private var exchange: Exchange?
    private var parser: HTTP1ResponseParser
    private var decoder = HTTP1BodyDecoder(framing: .none)
    /// Bytes read but not yet understood.
    private var input: ByteBuffer?
    /// The request's body as far as it was written.
    private var outgoing = OutgoingBody(.none)
    private var readsPaused = false
    private var readsSparingly = false
    private var interimCount = 0
    /// Of the answer being read, kept here because middlewares may replace the exchange's head meanwhile.
    private var framing = BodyFraming.none
    private var keepAlive = false
    /// Whether what is sent on the connection counts as sent by one user (``ConnectionAuthentication``).
    private var isAuthenticated = false
    /// Bytes of an answer nobody wants that may still be read.
    private var discardable = 0
    /// Requests served before the current one.
    private(set) var served = 0

    init(pool: UpstreamPool, loop: LoopContext) {
        self.pool = pool
        self.loop = loop
        self.parser = HTTP1ResponseParser(limits: loop.responseLimits)
        self.output = SocketOutput(loop: loop)
        super.init(peer: pool.peer)
    }

    var isUsable: Bool { state == .idle && context != nil }
    override var hasAnswered: Bool { state == .body || state == .tunnel }

    // MARK: Requests

    override func begin(
        _ exchange: Exchange, to server: UpstreamServer, framing: BodyFraming, end: Bool,
        consumer: any UpstreamConsumer
    ) {
        self.exchange = exchange
        self.consumer = consumer
        state = .head
        outgoing = OutgoingBody(framing)
        interimCount = 0
        var head = output.take()
        RequestHeadWriter.write(exchange, to: server, framing: framing, into: &head)
        output.put(consume head)
    }

    /// A new connection that nobody needs any more joins the free ones.
    override func handBack() { pool.release(self) }

    override func write(_ bytes: ByteBuffer) {
        guard outgoing.isChunked else {
            if outgoing.admits(bytes.readableBytes) { output.append(bytes) }
            return
        }
        var framed = output.take()
        HTTP1Writer.writeChunkHeader(bytes.readableBytes, to: &framed)
        output.put(consume framed)
        output.append(bytes)
        output.append(Chunk.lineEnd)
    }

    override func finish(_ trailers: TrailerSection?) {
        guard outgoing.finish() else { return }
        guard let trailers else { return output.append(Chunk.last) }
        var end = output.take()
        HTTP1Writer.writeLastChunk(trailers: trailers, to: &end)
        output.put(consume end)
    }

    override func flush() { output.flush() }

    /// Gives up the exchange: the connection is closed, and nothing more is reported.
    override func abandon() {
        consumer = nil
        exchange = nil
        close()
    }

    /// Most that is read of an answer nobody wants, in bytes, and the longest that may take: a new connection is cheaper than more.
    private static let mostDiscarded = 65536
    private static let longestDiscard = TimeAmount.seconds(1)

    override func discard() {
        guard state == .body, outgoing.isComplete, keepAlive, !isAuthenticated, framing != .untilClose else {
            return abandon()
        }
        if case .length(let length) = framing, length > UInt64(Self.mostDiscarded) { return abandon() }
        consumer = nil
        exchange = nil
        discardable = Self.mostDiscarded
        resumeReading()
        let served = self.served
        loop.eventLoop.assumeIsolated().scheduleTask(in: Self.longestDiscard) { [self] in
            if self.served == served { close() }
        }
    }

    func close() {
        guard state != .closed else { return }
        state = .closed
        output.close()
        context?.hangUp(isTLS: !pool.isPlain)
    }

    /// Closes our direction of a tunnel.
    override func closeOutput() {
        output.flush()
        context?.close(mode: .output, promise: nil)
    }

    // MARK: Back-pressure

    override func pauseReading() {
        guard !readsPaused else { return }
        readsPaused = true
        context?.setAutoRead(false)
    }

    override func resumeReading() {
        guard readsPaused else { return }
        readsPaused = false
        context?.setAutoRead(true)
    }

    private static let smallReads: any RecvByteBufferAllocator = FixedSizeRecvByteBufferAllocator(capacity: 8192)
    private static let largeReads: any RecvByteBufferAllocator = AdaptiveRecvByteBufferAllocator()

    override func readSparingly(_ sparingly: Bool) {
        guard sparingly != readsSparingly, let options = context?.channel.syncOptions else { return }
        readsSparingly = sparingly
        let reads: UInt = sparingly ? 1 : UpstreamConnector.readsAtATime
        try? options.setOption(ChannelOptions.maxMessagesPerRead, value: reads)
        try? options.setOption(ChannelOptions.recvAllocator, value: sparingly ? Self.smallReads : Self.largeReads)
    }

    // MARK: Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        output.open(context, direct: pool.isPlain)
    }

    func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        switch state {
        case .head, .body:
            input.appendRead(&bytes)
            process()
        case .tunnel:
            consumer?.upstreamBody(bytes)
        case .idle:
            // An answer nobody asked for must never meet the next request (response queue poisoning).
            pool.remove(self)
            close()
        case .closed:
            break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        consumer?.upstreamPaused()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        isWritable = context.channel.isWritable
        if isWritable { consumer?.upstreamWritable() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let reset = (error as? IOError).map { "\($0)" } ?? "\(error)"
        fail(.reset, detail: reset)
    }

    func channelInactive(context: ChannelHandlerContext) {
        output.close()
        switch state {
        case .idle:
            state = .closed
            pool.remove(self)
        case .head:
            fail(.closed, detail: "the server closed the connection before it answered")
        case .body:
            if framing == .untilClose {
                end(reusable: false)
            } else {
                fail(.closed, detail: "the server closed the connection in the middle of its answer")
            }
        case .tunnel:
            state = .closed
            let consumer = self.consumer
            self.consumer = nil
            exchange = nil
            consumer?.upstreamEnded()
        case .closed:
            break
        }
        self.context = nil
    }

    // MARK: Answers

    private func process() {
        while true {
            switch state {
            case .head:
                guard parseHead() else { return }
            case .body:
                guard parseBody() else { return }
            case .tunnel:
                if let rest = input, rest.readableBytes > 0 {
                    input = nil
                    consumer?.upstreamBody(rest)
                }
                return
            case .idle, .closed:
                return
            }
        }
    }

    /// Returns whether there may be more to do with what was read.
    private func parseHead() -> Bool {
        guard let exchange, input != nil else { return false }
        // The optional's payload is taken out and put back so that the parser works on a unique buffer.
        guard var bytes = input.take() else { return false }
        let result = parser.parse(&bytes, into: &exchange.response, requestMethod: exchange.request.method)
        if bytes.readableBytes > 0 { input = bytes }
        switch result {
        case .needMore:
            return false
        case .refused(let refusal):
            fail(.malformed, detail: "\(refusal.reason)")
            return false
        case .head:
            return headArrived(exchange)
        }
    }

    private func headArrived(_ exchange: Exchange) -> Bool {
        switch exchange.response.status {
        case 101:
            guard exchange.request.wantsUpgrade, UpgradeToken.matches(exchange) else {
                fail(.malformed, detail: "the server switched protocols without being asked to")
                return false
            }
            state = .tunnel
            outgoing = OutgoingBody(.untilClose)
            consumer?.upstreamSwitched()
            return true
        case 100..<200:
            interimCount += 1
            guard interimCount <= 16 else {
                fail(.malformed, detail: "the server sent more than 16 interim answers")
                return false
            }
            // The 100 was ours to give; the client has had it.
            if exchange.response.status != 100 { consumer?.upstreamInterim() }
            return input != nil
        default:
            state = .body
            if ConnectionAuthentication.takesPart(exchange) { isAuthenticated = true }
            if exchange.response.headers.contains(.connection) {
                ConnectionTokens.removeListed(from: &exchange.response.headers)
            }
            framing = exchange.response.framing
            keepAlive = exchange.response.keepAlive
            decoder = HTTP1BodyDecoder(framing: framing, trailers: .response)
            consumer?.upstreamHead()
            if framing.isEmpty, state == .body {
                end(reusable: keepAlive)
                return false
            }
            return input != nil
        }
    }

    private func parseBody() -> Bool {
        guard var bytes = input.take() else { return false }
        while state == .body {
            switch decoder.next(&bytes) {
            case .needMore:
                if bytes.readableBytes > 0 { input = bytes }
                return false
            case .data(let piece):
                guard let consumer else {
                    discardable -= piece.readableBytes
                    guard discardable >= 0 else {
                        close()
                        return false
                    }
                    continue
                }
                consumer.upstreamBody(piece)
            case .end:
                if bytes.readableBytes > 0 { input = bytes }
                end(reusable: keepAlive)
                return false
            case .refused(let refusal):
                fail(.malformed, detail: "\(refusal.reason)")
                return false
            }
        }
        return false
    }

    /// The answer is whole. The connection is kept only if everything went by the book: the request was sent entirely, nothing
    /// follows the answer, and neither side wants to close.
    private func end(reusable: Bool) {
        let consumer = self.consumer
        consumer?.upstreamTrailers(decoder.trailers)
        self.consumer = nil
        exchange = nil
        let leftover = (input?.readableBytes ?? 0) > 0
        input = nil
        served += 1
        if reusable, outgoing.isComplete, !leftover, context != nil, state == .body {
            state = .idle
            resumeReading()
            readSparingly(false)
            if isAuthenticated, let consumer {
                consumer.upstreamKept(self)
            } else {
                pool.release(self)
            }
        } else {
            close()
        }
        consumer?.upstreamEnded()
    }

    private func fail(_ reason: UpstreamError.Reason, detail: String) {
        guard state != .closed else { return }
        if state == .idle { pool.remove(self) }
        let error = UpstreamError(
            stage: state == .body ? .body : .exchange,
            reason: reason,
            peer: pool.peer,
            reused: served > 0,
            answered: state == .body || (input?.readableBytes ?? 0) > 0 || interimCount > 0,
            detail: detail
        )
        let consumer = self.consumer
        self.consumer = nil
        exchange = nil
        close()
        consumer?.upstreamFailed(error)
    }
}
