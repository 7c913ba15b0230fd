import NIOCore
import NIOPosix

/// One connection to one server, made when it is needed and made again when it is lost. Belongs to one event loop.
///
/// ```
///            command                greeted
///   idle ─────────────► connecting ─────────► ready
///    ▲ ▲                 │     ▲                │ lost
///    │ └ nobody waits ── ▼     │ pause over     ▼
///    └────────────────── resting ◄──────────────┘ somebody waits
/// ```
///
/// Commands wait while the server is away, for ``RedisSettings/patience`` at most; after that they fail at once, and the lane goes on
/// trying, about once a second, as long as anybody asks.
final class RedisLane {
    private enum State {
        case idle
        case connecting(attempt: Int)
        case ready(RedisConnection)
        case resting
        case closed
    }

    private let address: RedisAddress
    private let settings: RedisSettings
    private let loop: any EventLoop
    private let health: RedisHealth
    private let isEager: Bool
    private var state = State.idle
    private var waiting = CircularBuffer<RedisRequest>()
    private var backoff = RedisBackoff()
    /// Since when the server has been away, and why.
    private var outage: (since: NIODeadline, error: RedisError)?
    /// Somebody has sent a command since the last attempt to connect.
    private var isAskedFor = false
    private var attempts = 0
    private var attemptBegan = NIODeadline.uptimeNanoseconds(0)
    private var connectionUnderWay: RedisConnection?
    private var dialTimer: Scheduled<Void>?

    /// `isEager`: keeps a connection whether anybody asks or not.
    init(
        _ address: RedisAddress, _ settings: RedisSettings, on loop: any EventLoop, health: RedisHealth, isEager: Bool
    ) {
        self.address = address
        self.settings = settings
        self.loop = loop
        self.health = health
        self.isEager = isEager
        if isEager { connect() }
    }

    /// Commands without an answer.
    var load: Int {
        if case .ready(let connection) = state { return connection.pendingCount }
        return waiting.count
    }

    func send(_ request: RedisRequest) {
        isAskedFor = true
        guard load < RedisSettings.mostPending else { return request.completion(.failure(.overloaded)) }
        switch state {
        case .ready(let connection): connection.send(request)
        case .closed: request.completion(.failure(.closed))
        case .idle:
            waiting.append(request)
            connect()
        case .connecting, .resting:
            if let outage, isLong(outage.since) { return request.completion(.failure(outage.error)) }
            waiting.append(request)
        }
    }

    func close() {
        let old = state
        state = .closed
        dialTimer?.cancel()
        failWaiting(.closed)
        connectionUnderWay?.close(.closed)
        if case .ready(let connection) = old { connection.close(.closed) }
    }

    private func isLong(_ since: NIODeadline) -> Bool { NIODeadline.now() - since >= RedisSettings.patience }

    private func failWaiting(_ error: RedisError) {
        while let request = waiting.popFirst() { request.completion(.failure(error)) }
    }

    // MARK: Connecting

    private func connect() {
        attempts += 1
        let attempt = attempts
        attemptBegan = .now()
        state = .connecting(attempt: attempt)
        isAskedFor = false
        let limit = settings.dialTimeout ?? .hours(24)
        dialTimer = loop.assumeIsolated().scheduleTask(in: limit) { [weak self] in
            self?.failed(attempt, .timeout)
        }
        let connecting = ClientBootstrap(group: loop)
            .connectTimeout(limit)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .connect(host: address.host, port: address.port)
        connecting.assumeIsolated().whenComplete { [weak self] result in
            switch result {
            case .failure(let error): self?.failed(attempt, .unreachable(Self.reason(error)))
            case .success(let channel):
                guard let self, isConnecting(attempt) else { return channel.close(promise: nil) }
                begin(attempt, on: channel)
            }
        }
    }

    private func begin(_ attempt: Int, on channel: any Channel) {
        let connection = RedisConnection(settings) { [weak self] event in self?.heard(event, of: attempt) }
        connectionUnderWay = connection
        do {
            let tls = try settings.tls?(address.host) ?? []
            try channel.pipeline.syncOperations.addHandlers(tls + [connection])
        } catch {
            channel.close(promise: nil)
            failed(attempt, .unreachable("\(error)"))
        }
    }

    private func isConnecting(_ attempt: Int) -> Bool {
        if case .connecting(attempt) = state { return true }
        return false
    }

    private func heard(_ event: RedisConnection.Event, of attempt: Int) {
        switch event {
        case .ready:
            guard isConnecting(attempt), let connection = connectionUnderWay.take() else { return }
            dialTimer?.cancel()
            state = .ready(connection)
            outage = nil
            backoff.reset()
            health.isBack(address)
            while let request = waiting.popFirst() { connection.send(request) }
        case .ended(let error, let unanswered):
            if isConnecting(attempt) { return failed(attempt, error) }
            lost(error, unanswered)
        }
    }

    /// A connection that was ready is gone. What had no answer is sent again once: a limit may then count a request twice, which is
    /// better than failing it, but not for ever. What the server was too slow for is not.
    private func lost(_ error: RedisError, _ unanswered: [RedisRequest]) {
        guard case .ready = state else {
            // One that was told to end, by a lane that is closed.
            for request in unanswered { request.completion(.failure(error)) }
            return
        }
        var isNeeded = isEager
        for var request in unanswered where error == .connectionLost && !request.wasLost {
            request.wasLost = true
            waiting.append(request)
            isNeeded = true
        }
        state = .idle
        if isNeeded { rest() }
        // Last, since those who hear of it may send again at once.
        for request in unanswered where error != .connectionLost || request.wasLost {
            request.completion(.failure(error))
        }
    }

    private func failed(_ attempt: Int, _ error: RedisError) {
        guard isConnecting(attempt) else { return }
        dialTimer?.cancel()
        let since = outage?.since ?? attemptBegan
        outage = (since, error)
        health.isAway(address, error)
        // Before the connection is told to end, so that it is not heard as one that fails once more.
        state = .resting
        connectionUnderWay.take()?.close(.closed)
        if isLong(since) || error.isLasting { failWaiting(error) }
        guard isAskedFor || isEager || !waiting.isEmpty else {
            outage = nil
            state = .idle
            return
        }
        rest()
    }

    private func rest() {
        state = .resting
        loop.assumeIsolated().scheduleTask(in: backoff.next()) { [weak self] in
            guard let self, case .resting = state else { return }
            connect()
        }
    }

    private static func reason(_ error: any Error) -> String {
        guard let both = error as? NIOConnectionError else { return "\(error)" }
        if let last = both.connectionErrors.last { return "\(last.error)" }
        return "no address of \(both.host) is known"
    }
}

extension RedisError {
    /// Waiting is of no use: the server has said no, and not only that it is still starting.
    fileprivate var isLasting: Bool {
        guard case .refused(let text) = self else { return false }
        return !text.hasPrefix("LOADING") && !text.hasPrefix("MASTERDOWN")
    }
}
