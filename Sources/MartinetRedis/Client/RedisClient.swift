package import Logging
package import NIOCore

/// A client of a Redis server, or of a cluster: pipelined connections spread over the event loops, made when they are needed. Never
/// blocks; each command ends within the time limits of ``RedisSettings``.
///
/// Connections are closed when the client is no longer used.
package final class RedisClient: Sendable {
    /// Made on its event loop at first use.
    private typealias Place = NIOLoopBoundBox<RedisShard?>

    private let settings: RedisSettings
    private let health: RedisHealth
    private let places: [Place]
    /// Those of an event loop.
    private let placesByLoop: [ObjectIdentifier: [Int]]

    /// - Parameters:
    ///   - loops: on which connections are made; none: every command fails, as is fit when a configuration is only looked at.
    ///   - user: who uses the client, for the log.
    package init(_ settings: RedisSettings, loops: [any EventLoop], logger: Logger, user: String) {
        self.settings = settings
        health = RedisHealth(logger: logger, user: user)
        let wanted = settings.connections > 0 ? settings.connections : loops.count
        let most = settings.mostConnections > 0 ? min(settings.mostConnections, 1024) : 1024
        let count = loops.isEmpty ? 0 : min(wanted, most)
        places = (0..<count).map { Place.makeEmptyBox(valueType: RedisShard.self, eventLoop: loops[$0 % loops.count]) }
        var byLoop: [ObjectIdentifier: [Int]] = [:]
        for (index, place) in places.enumerated() {
            byLoop[ObjectIdentifier(place.eventLoop), default: []].append(index)
        }
        placesByLoop = byLoop
        for index in 0..<min(count, max(0, settings.eagerConnections)) {
            let place = places[index]
            place.eventLoop.execute { [settings, health] in
                if place.value == nil {
                    place.value = RedisShard(settings, on: place.eventLoop, health: health, isEager: true)
                }
            }
        }
    }

    deinit {
        for place in places {
            place.eventLoop.execute { place.value.take()?.close() }
        }
    }

    /// Sends `command`. The future, of `loop`, fails with a ``RedisError``.
    package func send(_ command: RedisCommand, on loop: any EventLoop) -> EventLoopFuture<RESPValue> {
        let promise = loop.makePromise(of: RESPValue.self)
        guard let place = place(for: loop) else {
            promise.fail(RedisError.closed)
            return promise.futureResult
        }
        if place.eventLoop.inEventLoop {
            send(command, promise, place)
        } else {
            place.eventLoop.execute { [self] in send(command, promise, place) }
        }
        return promise.futureResult
    }

    /// On the loop of `place`. The client lives, and its connections with it, until the answer is there.
    private func send(_ command: RedisCommand, _ promise: EventLoopPromise<RESPValue>, _ place: Place) {
        shard(place).send(command) { [self] result in
            withExtendedLifetime(self) { promise.completeWith(result.mapError { $0 }) }
        }
    }

    /// Runs `script` with one key, by its digest; a server that does not know it gets the source.
    package func evaluate(
        _ script: RedisScript, key: [UInt8], arguments: [String], on loop: any EventLoop
    ) -> EventLoopFuture<RESPValue> {
        let known = Self.command("EVALSHA", script.digest, key, arguments)
        return send(known, on: loop).flatMap { [self] answer in
            guard case .error(let text) = answer, text.hasPrefix("NOSCRIPT") else {
                return loop.makeSucceededFuture(answer)
            }
            return send(Self.command("EVAL", script.source, key, arguments), on: loop)
        }
    }

    private static func command(
        _ name: StaticString, _ script: String, _ key: [UInt8], _ arguments: [String]
    ) -> RedisCommand {
        var command = RedisCommand(name, key: key)
        command.append(script)
        command.append("1")
        command.append(bytes: key)
        for argument in arguments { command.append(argument) }
        return command
    }

    /// The least busy one of the loop; without any, that of another loop.
    private func place(for loop: any EventLoop) -> Place? {
        let id = ObjectIdentifier(loop)
        guard let own = placesByLoop[id] else {
            return places.isEmpty ? nil : places[Int(UInt(bitPattern: id.hashValue) % UInt(places.count))]
        }
        guard own.count > 1, loop.inEventLoop else { return places[own[0]] }
        let least = own.min { (places[$0].value?.load ?? 0) < (places[$1].value?.load ?? 0) }
        return places[least ?? own[0]]
    }

    private func shard(_ place: Place) -> RedisShard {
        if let shard = place.value { return shard }
        let shard = RedisShard(settings, on: place.eventLoop, health: health, isEager: false)
        place.value = shard
        return shard
    }
}
