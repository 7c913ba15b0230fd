/// Bounds the rate of requests.
package struct RateLimitOptions: OptionGroup {
    package var average = 0
    package var period: OptionDuration = .seconds(1)
    package var burst = 1
    package var sourceCriterion: SourceCriterionOptions?
    package var redis: RateLimitRedisOptions?

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("average", \.average, "Requests in a period; 0: no bound."),
        .init("period", \.period, "The period (default 1s)."),
        .init("burst", \.burst, "Requests at once (default 1)."),
        .init("sourceCriterion", \.sourceCriterion, "What is counted apart."),
        .init("redis", \.redis, "Counts shared through Redis."),
    ]
}

/// Where shared counts are kept.
package struct RateLimitRedisOptions: OptionGroup {
    package var endpoints: [String] = ["127.0.0.1:6379"]
    package var sentinel: RateLimitSentinelOptions?
    package var tls: ClientTLSOptions?
    package var username = ""
    package var password = ""
    package var db = 0
    package var poolSize = 0
    package var minIdleConns = 0
    package var maxActiveConns = 0
    package var readTimeout: OptionDuration?
    package var writeTimeout: OptionDuration?
    package var dialTimeout: OptionDuration?

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("endpoints", \.endpoints, "host:port of the server, of a cluster's nodes, or of the sentinels."),
        .init("sentinel", \.sentinel, "The endpoints are sentinels, which say where the master is. Not in Traefik."),
        .init("tls", \.tls, "TLS towards it."),
        .init("username", \.username, "User."),
        .init("password", \.password, "Password.", secret: true),
        .init("db", \.db, "Database."),
        .init("poolSize", \.poolSize, "Connections."),
        .init("minIdleConns", \.minIdleConns, "Least unused connections."),
        .init("maxActiveConns", \.maxActiveConns, "Most connections; 0: no bound."),
        .init("readTimeout", \.readTimeout, "Longest read (default 3s)."),
        .init("writeTimeout", \.writeTimeout, "Longest write (default 3s)."),
        .init("dialTimeout", \.dialTimeout, "Longest connect (default 5s)."),
    ]
}

/// A master that Redis Sentinel watches. Traefik has no such option here; its names are those of the Redis provider.
package struct RateLimitSentinelOptions: OptionGroup {
    package var masterName = ""
    package var username = ""
    package var password = ""

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("masterName", \.masterName, "The name under which the sentinels watch it."),
        .init("username", \.username, "User, for the sentinels."),
        .init("password", \.password, "Password, for the sentinels.", secret: true),
    ]
}
