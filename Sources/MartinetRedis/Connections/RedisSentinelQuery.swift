import NIOCore

/// Asks all sentinels at once where the master is, each on a connection of its own that is closed behind the answer. The first answer
/// counts, so that sentinels that are away do no harm. Belongs to one event loop.
///
/// A sentinel that has not heard of a failover yet names the master that failed. That one is taken only when no other sentinel names
/// another within ``RedisSettings/secondThoughts``.
final class RedisSentinelQuery {
    typealias Completion = (Result<RedisAddress, RedisError>) -> Void

    private let sentinel: RedisSentinelSettings
    private let settings: RedisSettings
    private let doubtful: RedisAddress?
    private let loop: any EventLoop
    private var completion: Completion?
    /// Nil once it has said something, or cannot.
    private var connections: [RedisConnection?] = []
    private var doubtfulIsNamed = false
    private var timer: Scheduled<Void>?
    private var lastError = RedisError.closed

    /// - Parameters:
    ///   - settings: of the master.
    ///   - doubtful: a master that could not be used a moment ago.
    ///   - completion: called once, unless the query is cancelled.
    init(
        _ sentinel: RedisSentinelSettings, _ settings: RedisSettings, doubtful: RedisAddress?, on loop: any EventLoop,
        completion: @escaping Completion
    ) {
        self.sentinel = sentinel
        self.settings = settings.toSentinels(sentinel)
        self.doubtful = doubtful
        self.loop = loop
        self.completion = completion
    }

    /// Once.
    func start() {
        connections = settings.endpoints.indices.map { index in
            RedisConnection(settings) { [weak self] event in self?.heard(event, from: index) }
        }
        for (connection, address) in zip(connections, settings.endpoints) { connection?.dial(address, on: loop) }
    }

    func cancel() { end(nil) }

    private func heard(_ event: RedisConnection.Event, from index: Int) {
        switch event {
        case .ready:
            var command = RedisCommand("SENTINEL")
            command.append("get-master-addr-by-name")
            command.append(sentinel.master)
            connections[index]?.send(
                RedisRequest(command) { [weak self] result in
                    guard let self else { return }
                    answered(result.flatMap(address), from: index)
                })
        case .proven, .complained: break
        case .ended(let error, _): answered(.failure(error), from: index)
        }
    }

    private func address(_ answer: RESPValue) -> Result<RedisAddress, RedisError> {
        switch answer {
        case .array(let words):
            guard words.count == 2, let host = words[0].text, let port = words[1].text.flatMap({ UInt16($0) }), port > 0
            else { return .failure(.unreachable("the answer of the sentinel is no address")) }
            return .success(RedisAddress(host: host, port: Int(port)))
        case .error(let text): return .failure(.refused(text))
        default: return .failure(.unreachable("the sentinels know no master of this name"))
        }
    }

    private func answered(_ result: Result<RedisAddress, RedisError>, from index: Int) {
        guard completion != nil, let connection = connections[index].take() else { return }
        connection.close(.closed)
        switch result {
        case .failure(let error): lastError = error
        case .success(doubtful):
            doubtfulIsNamed = true
            timer =
                timer
                ?? loop.assumeIsolated().scheduleTask(in: RedisSettings.secondThoughts) { [weak self] in
                    self?.settle()
                }
        case .success(let address): return end(.success(address))
        }
        if connections.allSatisfy({ $0 == nil }) { settle() }
    }

    /// Nobody has named another master.
    private func settle() {
        guard doubtfulIsNamed, let doubtful else { return end(.failure(lastError)) }
        end(.success(doubtful))
    }

    private func end(_ result: Result<RedisAddress, RedisError>?) {
        let completion = self.completion.take()
        timer?.cancel()
        for index in connections.indices { connections[index].take()?.close(.closed) }
        if let result { completion?(result) }
    }
}
