import MartinetCore
import MartinetHTTP
import NIOCore

/// One request of a client and its answer, and after it perhaps the next: what an HTTP/1 connection and an HTTP/2 stream have in
/// common. It sends requests through their router's chain and on to a server, and the answers back.
///
/// ```
///            head read                     answer written
///  idle ───────────────► exchange ──────────────────────► answerEnded
///                           │ switched
///                           └──────► tunnel ──► tunnelEnded
/// ```
///
/// The file holds the state and what a protocol has to supply; the chain, the server's side and the answer are extensions beside
/// it. Everything happens on the connection's event loop. A class with methods to override rather than generic code: a call
/// through a table costs a nanosecond, and the code exists once.
class ClientStream {
    enum Phase {
        /// Between requests.
        case idle
        /// Part of a request head has arrived.
        case head
        /// A request is being served.
        case exchange
        /// The answer is written, the rest of the request body is being thrown away.
        case draining
        case tunnel
        /// The last answer is written; what still arrives is thrown away until the client closes.
        case closing
        case closed
    }

    /// What the exchange is waiting for before it can go on.
    enum Wait: Equatable {
        case nothing
        case middleware(Int)
        case service
        /// The request body, for the middleware at this index.
        case body(Int)
        /// A pause before another attempt.
        case retry
        /// A connection to a server.
        case connection
    }

    final let loop: LoopContext
    final let entryPoint: EntryPoint
    final let info: ConnectionInfo
    /// The TLS options of the connection; nil without TLS.
    private let policy: ServerTLSPolicy?
    final var phase = Phase.idle
    /// Uptime in nanoseconds after which ``deadlinePassed(now:)`` is called; `max` for none.
    final var deadline = UInt64.max
    /// Uptime by which the whole answer has to be written; `max` for no limit.
    final var answerBy = UInt64.max
    final var requestsServed = 0

    // MARK: The exchange

    final var exchange: Exchange?
    final var route: Route?
    final var figures = ExchangeFigures()
    final var requestBodyDone = true
    /// Trailer lines of the request, once its body has ended.
    final var requestTrailers: TrailerSection?
    final var wait = Wait.nothing
    /// What another thread does, or is to do, for a middleware.
    final var offloaded: OffloadedWork?
    /// Changes with each exchange and each attempt, so that late callbacks know they are late.
    final var generation: UInt64 = 0
    final var upstream: UpstreamExchange?
    /// When the server was chosen, of several attempts for the last one; 0 while none was, or without an access log.
    final var upstreamStarted: UInt64 = 0
    /// Whether the request head went out to a server, so that body pieces may follow.
    final var sendingBody = false
    /// The body collected for a middleware.
    final var collected: ByteBuffer?
    final var collectLimit: Int?
    /// Longest body kept in memory, in bytes, for a middleware that does not need to see it.
    final var collectMemory = Int.max
    /// The body collected for such a middleware.
    final var spool: Spool?
    /// Where sending it goes on once the server takes more.
    final var spoolOffset: Int?
    /// What was sent of the body, for another attempt.
    final var replay: [ByteBuffer] = []
    final var replayBytes = 0
    /// How many of its bytes count against the loop's ``LoopContext/replayBudget``.
    final var replayReserved = 0
    /// Whether ``replay`` still is all that was sent.
    final var replayIsWhole = true
    /// Times the request was sent again because a server had not taken it.
    final var resends = 0
    /// The request as a retrying middleware saw it.
    final var snapshots: [RequestSnapshot] = []
    /// Services with middlewares of their own that the request has entered inside the route's service, outermost first.
    final var entered: [EnteredService] = []
    final var continueSent = false
    /// The request under way is a middleware's own (``ResponseOutcome/ask(_:)``): the client's body is none of its.
    final var isOwnRequest = false
    /// What was kept of the client's body while ``isOwnRequest``: another attempt of the client's request needs it.
    final var asideBody: (memory: ByteBuffer?, file: Spool?)?
    /// Middlewares that had their say before the one outside of them asked for another answer: they do not see that one.
    final var skipped = 0..<0

    // MARK: The answer

    /// Whether the client takes more.
    final var isWritable = true
    /// Whether servers are to be read from in small portions: much waits for this client already.
    final var readsSparingly = false
    final var headWritten = false
    final var responseDone = false
    final var responseFraming = BodyFraming.none
    /// An answer a middleware wants whole.
    final var held: HeldAnswer?
    /// The head waits for a transform's decision.
    final var headHeld = false
    /// Calls of `call` under way; they are given up with the exchange.
    final var calls: [SubrequestCall] = []

    init(loop: LoopContext, entryPoint: EntryPoint, info: ConnectionInfo, policy: ServerTLSPolicy?) {
        self.loop = loop
        self.entryPoint = entryPoint
        self.info = info
        self.policy = policy
    }

    final var settings: EntryPointSettings { entryPoint.settings }

    /// Whether a request whose host is in the loop's scratch memory may be served on this connection: not when that host has other
    /// TLS options than the connection was made under.
    final func admitsHost() -> Bool {
        guard let policy, let table = loop.tlsTable(of: entryPoint) else { return true }
        return loop.hostScratch.withUnsafeReadableBytes { table.admits(policy, host: $0) }
    }

    // MARK: What the protocol supplies: reading

    /// Does all that the bytes at hand allow, and sends what came of it.
    func proceed() {}

    /// Back-pressure towards the client: its request body stays where it is.
    func pauseReading() {}
    func resumeReading() {}

    // MARK: What the protocol supplies: writing

    /// The head in the exchange's response, its body framed as ``responseFraming`` says. `announced`: the length that an answer
    /// without body speaks of.
    func emitHead(_ exchange: Exchange, announced: UInt64?) {}
    /// A piece of the body, never empty.
    func emitBody(_ chunk: ByteBuffer) {}
    /// The end of the answer, with ``responseTrailers``.
    func emitEnd() {}
    /// The interim head in the exchange's response.
    func emitInterim(_ exchange: Exchange) {}
    func emitContinue() {}
    /// Sends what was emitted.
    func flushOut() {}

    /// The server switched protocols; its head is in the exchange's response. From now on bytes pass as they come.
    func beginTunnel(_ exchange: Exchange) {}
    func emitTunnel(_ bytes: ByteBuffer) {}

    // MARK: What the protocol supplies: ending

    /// The answer is written and the exchange over. Called only while the phase still is `exchange`.
    func answerEnded() {}
    /// The server has closed the tunnel.
    func tunnelEnded() {}
    /// Breaks off, without a word.
    func close() {}

    /// A connection of this client's own to that origin (``upstreamKept(_:)``), if there is one that can be used.
    func ownUpstream(of pool: UpstreamPool) -> UpstreamConnection? { nil }
    /// See ``UpstreamConsumer``. Closed, unless a subclass can keep it for this client.
    func upstreamKept(_ connection: UpstreamConnection) { connection.close() }

    // MARK: Beginning

    /// A request is in the exchange: forgets what the last one left, and routes it.
    ///
    /// - Parameter latest: uptime by which the whole request has to be here, if that is known already: `readTimeout` counts from the
    ///   first byte of a head that came slowly.
    final func serve(_ exchange: Exchange, by latest: UInt64 = .max) {
        admit(exchange, by: latest)
        route(exchange)
    }

    /// Forgets what the last exchange left.
    final func admit(_ exchange: Exchange, by latest: UInt64 = .max) {
        phase = .exchange
        generation &+= 1
        exchange.driver = self
        exchange.started = .now()
        figures = ExchangeFigures()
        if loop.accessLog != nil { figures.startedWall = DateCache.wallNanoseconds() }
        upstreamStarted = 0
        requestBodyDone = exchange.request.framing.isEmpty
        wait = .nothing
        sendingBody = false
        continueSent = false
        headWritten = false
        responseDone = false
        headHeld = false
        resends = 0
        replayIsWhole = true
        isOwnRequest = false
        asideBody = nil
        skipped = 0..<0
        responseFraming = .none
        answerBy = .max
        if requestBodyDone {
            beginAnswerTime()
        } else {
            let started = exchange.started.uptimeNanoseconds
            let limit = settings.timeouts.read
            deadline = min(latest, limit > 0 ? max(started &+ limit, started) : .max)
        }
    }

    // MARK: Deadlines

    /// The request is here: `writeTimeout` counts from now to the end of the answer.
    final func beginAnswerTime() {
        setDeadline(after: settings.timeouts.write)
        answerBy = deadline
    }

    /// - Parameter start: uptime from which the nanoseconds count; nil: from now on. 0 nanoseconds: no deadline.
    final func setDeadline(after nanoseconds: UInt64, from start: UInt64? = nil) {
        guard nanoseconds > 0 else {
            deadline = .max
            return
        }
        let end = (start ?? loop.coarseUptime).addingReportingOverflow(nanoseconds)
        deadline = end.overflow ? .max : end.partialValue
        // The sweep looks four times a second; what is due sooner than that matters gets a timer of its own.
        if nanoseconds < 2_000_000_000 {
            let due = deadline
            loop.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(Int64(nanoseconds))) { [self] in
                guard deadline == due else { return }
                deadlinePassed(now: due)
            }
        }
    }

    /// Whether the client sends no more, and may be gone.
    var isForsaken: Bool { false }

    final func deadlinePassed(now: UInt64) {
        deadline = .max
        guard phase == .exchange, requestBodyDone, let upstream, !headWritten, !upstream.hasAnswered else {
            // Silence is answered with silence: a 408 on an idle connection would be taken for the answer to the next request. And
            // what a server has seen of a body that comes too slowly is worthless.
            if phase == .exchange, !requestBodyDone { dropUpstream() }
            return close()
        }
        // The server is not to blame when it is the client that has left.
        let error =
            isForsaken
            ? UpstreamError(
                stage: .exchange, reason: .clientGone, peer: upstream.peer, detail: "the client did not wait")
            : UpstreamError(
                stage: .exchange, reason: .headerTimeout, peer: upstream.peer,
                detail: "no answer within the transport's responseHeaderTimeout")
        dropUpstream()
        upstreamFailed(error)
    }
}
