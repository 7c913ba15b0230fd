import Logging
import MartinetConfig
import MartinetCore
import MartinetRedis
import NIOCore

/// What middlewares need to make a client of Redis, besides their options.
struct RedisAccess: Sendable {
    let loops: [any EventLoop]
    let logger: Logger
}

extension RedisSettings {
    /// Throws when an endpoint is no address or TLS cannot be had. `option`: the path of the options.
    init(
        _ options: RateLimitRedisOptions, option: String, _ context: MiddlewareContext
    ) throws(MiddlewareError) {
        var endpoints: [RedisAddress] = []
        for text in options.endpoints {
            guard let address = RedisAddress(text) else {
                throw MiddlewareError("\(option).endpoints: \"\(text)\" is no address", remedy: "give host:port")
            }
            if !endpoints.contains(address) { endpoints.append(address) }
        }
        self.init(endpoints: endpoints.isEmpty ? [RedisAddress(host: "127.0.0.1", port: 6379)] : endpoints)
        if let sentinel = options.sentinel {
            guard !sentinel.masterName.isEmpty else {
                throw MiddlewareError(
                    "\(option).sentinel.masterName is missing",
                    remedy: "give the name under which the sentinels watch the master")
            }
            self.sentinel = RedisSentinelSettings(sentinel)
        }
        guard options.db >= 0, options.db == 0 || self.endpoints.count == 1 || sentinel != nil else {
            throw MiddlewareError(
                "\(option).db: there is no database \(options.db)",
                remedy: "give a number from 0, and none for the nodes of a cluster")
        }
        username = options.username
        password = options.password
        database = options.db
        connections = max(0, options.poolSize)
        mostConnections = max(0, options.maxActiveConns)
        eagerConnections = max(0, options.minIdleConns)
        dialTimeout = Self.limit(options.dialTimeout, dialTimeout)
        readTimeout = Self.limit(options.readTimeout, readTimeout)
        writeTimeout = Self.limit(options.writeTimeout, writeTimeout)
        guard let tls = options.tls else { return }
        do {
            let policy = try context.tls(tls)
            self.tls = { try policy.makeHandlers(host: $0) }
        } catch {
            throw MiddlewareError("\(option).tls: \(error)", remedy: "correct the paths")
        }
    }

    /// Zero stands for the default, what is negative for no bound, as in Go's client.
    private static func limit(_ option: OptionDuration?, _ standard: TimeAmount?) -> TimeAmount? {
        guard let nanoseconds = option?.nanoseconds, nanoseconds != 0 else { return standard }
        return nanoseconds < 0 ? nil : .nanoseconds(nanoseconds)
    }
}

extension RedisSentinelSettings {
    init(_ options: RateLimitSentinelOptions) {
        self.init(master: options.masterName)
        username = options.username
        password = options.password
    }
}
