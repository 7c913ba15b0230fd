import NIOCore

/// The connections that one event loop has, one to each server it needs. Belongs to one event loop.
///
/// With several endpoints it speaks to a cluster: a node that does not own a key names the one that does (`MOVED`, `ASK`), which is
/// remembered. With sentinels it has one connection, to the master they name.
final class RedisShard {
    private let settings: RedisSettings
    private let loop: any EventLoop
    private let health: RedisHealth
    private let targets: [RedisTarget]
    private let isEager: Bool
    private var lanes: [RedisTarget: RedisLane] = [:]
    /// Cluster: who owns a slot, as far as is known.
    private var owners: [UInt16: RedisAddress] = [:]
    /// Cluster: the endpoint that is asked about slots whose owner is not known.
    private var seed = 0
    private var isClosed = false

    /// Nodes of a cluster that are spoken to; a server that names ever new ones is not followed beyond.
    private static let mostNodes = 256
    /// Redirections and failed nodes per command.
    private static let mostHops = 4

    init(_ settings: RedisSettings, on loop: any EventLoop, health: RedisHealth, isEager: Bool) {
        self.settings = settings
        self.loop = loop
        self.health = health
        self.isEager = isEager
        targets = settings.targets
        if isEager { for target in targets { _ = lane(target) } }
    }

    private var isCluster: Bool { targets.count > 1 }

    /// Commands without an answer.
    var load: Int { lanes.values.reduce(0) { $0 + $1.load } }

    func send(_ command: RedisCommand, completion: @escaping RedisRequest.Completion) {
        send(command, hop: 0, completion)
    }

    func close() {
        isClosed = true
        let old = lanes
        lanes = [:]
        for lane in old.values { lane.close() }
    }

    private func lane(_ target: RedisTarget) -> RedisLane? {
        if let lane = lanes[target] { return lane }
        guard lanes.count < Self.mostNodes else { return nil }
        let lane = RedisLane(target, settings, on: loop, health: health, isEager: isEager)
        lanes[target] = lane
        return lane
    }

    private func send(_ command: RedisCommand, hop: Int, _ completion: @escaping RedisRequest.Completion) {
        guard !isClosed, !targets.isEmpty else { return completion(.failure(.closed)) }
        let known = command.slot.flatMap { owners[$0] }
        send(command, to: known.map(RedisTarget.server) ?? targets[seed % targets.count], hop: hop, completion)
    }

    private func send(
        _ command: RedisCommand, to target: RedisTarget, hop: Int, _ completion: @escaping RedisRequest.Completion
    ) {
        guard let lane = lane(target) else { return completion(.failure(.overloaded)) }
        guard isCluster, case .server(let address) = target else {
            return lane.send(RedisRequest(command, completion: completion))
        }
        lane.send(
            RedisRequest(command) { [weak self] result in
                guard let self, hop < Self.mostHops else { return completion(result) }
                heard(result, command, of: address, hop: hop, completion)
            })
    }

    // MARK: Clusters

    private func heard(
        _ result: Result<RESPValue, RedisError>, _ command: RedisCommand, of address: RedisAddress, hop: Int,
        _ completion: @escaping RedisRequest.Completion
    ) {
        switch result {
        case .success(.error(let text)):
            guard let redirection = RedisRedirection(text, from: address) else { return completion(result) }
            if redirection.isLasting {
                owners[redirection.slot] = redirection.address
            } else {
                // The connection answers in order, so the command comes right behind.
                lane(.server(redirection.address))?.send(RedisRequest(RedisCommand("ASKING")) { _ in })
            }
            send(command, to: .server(redirection.address), hop: hop + 1, completion)
        case .failure(.unreachable), .failure(.connectionLost), .failure(.timeout):
            // Another node knows who took over.
            if let slot = command.slot { owners[slot] = nil }
            seed = (seed + 1) % targets.count
            send(command, hop: hop + 1, completion)
        case .success, .failure: completion(result)
        }
    }
}
