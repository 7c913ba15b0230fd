package import NIOCore

/// How servers are reached. The defaults are Traefik's.
package struct RedisSettings: Sendable {
    /// One server; or several nodes of one cluster; or the sentinels, with ``sentinel``.
    package var endpoints: [RedisAddress]
    /// Nil: the ``endpoints`` are the servers themselves.
    package var sentinel: RedisSentinelSettings?
    /// Empty: the server's default user.
    package var username = ""
    /// Empty: no login.
    package var password = ""
    package var database = 0
    /// Connections to each server over all event loops; 0: one for each event loop. Commands are pipelined, so that more are rarely of
    /// use; with fewer, some event loops use another's.
    package var connections = 0
    /// Bound on ``connections``; 0: none.
    package var mostConnections = 0
    /// So many of them are made at once and made again when they are lost; the others when they are needed.
    package var eagerConnections = 0
    /// Longest time until a connection is ready, TLS and login included; to find the master by way of sentinels, as long again. Nil: no
    /// bound.
    package var dialTimeout: TimeAmount? = .seconds(5)
    /// Longest time for an answer; nil: no bound.
    package var readTimeout: TimeAmount? = .seconds(3)
    /// Longest time the server may take nothing that is sent; nil: no bound.
    package var writeTimeout: TimeAmount? = .seconds(3)
    /// Makes the handlers next to the socket for a connection to a host; nil: no TLS.
    package var tls: (@Sendable (_ host: String) throws -> [any ChannelHandler])?
    package var limits = RESPLimits()
    /// How long after a server went away commands wait for it to come back; later ones fail at once until it has.
    package var patience = TimeAmount.seconds(1)

    /// Commands that wait, or are being answered, on one connection.
    static let mostPending = 4096
    /// How long other sentinels may still name another master, once one names that which failed a moment ago.
    static let secondThoughts = TimeAmount.milliseconds(250)

    package init(endpoints: [RedisAddress]) {
        self.endpoints = endpoints
    }

    /// What connections are made to.
    var targets: [RedisTarget] { sentinel.map { [.master($0)] } ?? endpoints.map(RedisTarget.server) }

    /// How the sentinels themselves are reached.
    func toSentinels(_ sentinel: RedisSentinelSettings) -> RedisSettings {
        var settings = self
        settings.sentinel = nil
        settings.username = sentinel.username
        settings.password = sentinel.password
        settings.database = 0
        return settings
    }
}

/// A master that is found by way of sentinels
/// ([Sentinel client guidelines](https://redis.io/docs/latest/develop/reference/sentinel-clients/)).
package struct RedisSentinelSettings: Sendable, Hashable {
    /// The name under which the sentinels watch it.
    package var master: String
    /// Of the sentinels, not of the master. Empty: their default user.
    package var username = ""
    /// Of the sentinels, not of the master. Empty: no login.
    package var password = ""

    package init(master: String) {
        self.master = master
    }
}
