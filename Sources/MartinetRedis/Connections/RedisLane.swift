import NIOCore

/// One connection to one server, made when it is needed and made again when it is lost; a master that sentinels watch is looked for
/// each time. Belongs to one event loop.
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
        /// The sentinels are asked where the master is.
        case locating(RedisSentinelQuery)
        case connecting(RedisConnection, RedisAddress)
        case ready(RedisConnection)
        case resting
        case closed
    }

    private let target: RedisTarget
    private let settings: RedisSettings
    private let loop: any EventLoop
    private let health: RedisHealth
    private let isEager: Bool
    private var state = State.idle
    private var waiting = CircularBuffer<RedisRequest>()
    private var backoff = RedisBackoff()
    /// Since when the server has been away, and why.
    private var outage: (since: NIODeadline, error: RedisError)?
    /// A master that could not be used at the last attempt.
    private var doubtful: RedisAddress?
    /// Somebody has sent a command since the last attempt to connect.
    private var isAskedFor = false
    private var attemptBegan = NIODeadline.uptimeNanoseconds(0)

    /// `isEager`: keeps a connection whether anybody asks or not.
    init(
        _ target: RedisTarget, _ settings: RedisSettings, on loop: any EventLoop, health: RedisHealth, isEager: Bool
    ) {
        self.target = target
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
        case .locating, .connecting, .resting:
            if let outage, isLong(outage.since) { return request.completion(.failure(outage.error)) }
            waiting.append(request)
        }
    }

    func close() {
        let old = state
        state = .closed
        failWaiting(.closed)
        switch old {
        case .locating(let query): query.cancel()
        case .connecting(let connection, _), .ready(let connection): connection.close(.closed)
        case .idle, .resting, .closed: break
        }
    }

    private func isLong(_ since: NIODeadline) -> Bool { NIODeadline.now() - since >= settings.patience }

    private func failWaiting(_ error: RedisError) {
        while let request = waiting.popFirst() { request.completion(.failure(error)) }
    }

    // MARK: Connecting

    private func connect() {
        attemptBegan = .now()
        isAskedFor = false
        switch target {
        case .server(let address): dial(address)
        case .master(let sentinel):
            let query = RedisSentinelQuery(sentinel, settings, doubtful: doubtful, on: loop) { [weak self] result in
                guard let self, case .locating = state else { return }
                switch result {
                case .success(let address): dial(address)
                case .failure(let error): failed(error)
                }
            }
            state = .locating(query)
            query.start()
        }
    }

    private func dial(_ address: RedisAddress) {
        let connection = RedisConnection(settings) { [weak self] event in self?.heard(event) }
        state = .connecting(connection, address)
        connection.dial(address, on: loop)
    }

    /// Of the one connection there is.
    private func heard(_ event: RedisConnection.Event) {
        switch (event, state) {
        case (.ready, .connecting(let connection, _)):
            state = .ready(connection)
            outage = nil
            doubtful = nil
            while let request = waiting.popFirst() { connection.send(request) }
        case (.ended(let error, _), .connecting(_, let address)):
            doubtful = address
            failed(error)
        case (.proven, _):
            // Not before: one that only greets, or may not write, is as good as away.
            backoff.reset()
            health.isBack(target)
        case (.complained(let text), _): health.isAway(target, .refused(text))
        case (.ended(let error, let unanswered), .ready):
            if error != .connectionLost, error != .closed { health.isAway(target, error) }
            lost(error, unanswered)
        case (.ended(let error, let unanswered), _):
            // It was told to end, by a lane that is closed.
            for request in unanswered { request.completion(.failure(error)) }
        case (.ready, _): break
        }
    }

    /// A connection that was ready is gone. What had no answer is sent again once: a limit may then count a request twice, which is
    /// better than failing it, but not for ever. What the server was too slow for is not.
    private func lost(_ error: RedisError, _ unanswered: [RedisRequest]) {
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

    private func failed(_ error: RedisError) {
        let since = outage?.since ?? attemptBegan
        outage = (since, error)
        health.isAway(target, error)
        state = .resting
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
}

extension RedisError {
    /// Waiting is of no use: the server has said no, and not only that it is still starting.
    fileprivate var isLasting: Bool {
        guard case .refused(let text) = self else { return false }
        return !text.hasPrefix("LOADING") && !text.hasPrefix("MASTERDOWN")
    }
}
