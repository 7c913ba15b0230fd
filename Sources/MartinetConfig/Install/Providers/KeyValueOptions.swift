/// Consul's keys.
package struct ConsulOptions: OptionGroup {
    package var rootKey = "traefik"
    package var endpoints: [String] = ["127.0.0.1:8500"]
    package var token = ""
    package var tls: ClientTLSOptions?
    package var namespaces: [String] = []

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("rootKey", \.rootKey, "Root of the keys."),
        .init("endpoints", \.endpoints, "host:port."),
        .init("token", \.token, "Token.", secret: true),
        .init("tls", \.tls, "TLS towards it."),
        .init("namespaces", \.namespaces, "Namespaces."),
    ]
}

/// etcd.
package struct EtcdOptions: OptionGroup {
    package var rootKey = "traefik"
    package var endpoints: [String] = ["127.0.0.1:2379"]
    package var tls: ClientTLSOptions?
    package var username = ""
    package var password = ""

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("rootKey", \.rootKey, "Root of the keys."),
        .init("endpoints", \.endpoints, "host:port."),
        .init("tls", \.tls, "TLS towards it."),
        .init("username", \.username, "User."),
        .init("password", \.password, "Password.", secret: true),
    ]
}

/// ZooKeeper.
package struct ZooKeeperOptions: OptionGroup {
    package var rootKey = "traefik"
    package var endpoints: [String] = ["127.0.0.1:2181"]
    package var username = ""
    package var password = ""

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("rootKey", \.rootKey, "Root of the keys."),
        .init("endpoints", \.endpoints, "host:port."),
        .init("username", \.username, "User."),
        .init("password", \.password, "Password.", secret: true),
    ]
}

/// Redis.
package struct RedisOptions: OptionGroup {
    package var rootKey = "traefik"
    package var endpoints: [String] = ["127.0.0.1:6379"]
    package var tls: ClientTLSOptions?
    package var username = ""
    package var password = ""
    package var db = 0
    package var sentinel: SentinelOptions?

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("rootKey", \.rootKey, "Root of the keys."),
        .init("endpoints", \.endpoints, "host:port."),
        .init("tls", \.tls, "TLS towards it."),
        .init("username", \.username, "User."),
        .init("password", \.password, "Password.", secret: true),
        .init("db", \.db, "Database."),
        .init("sentinel", \.sentinel, "Sentinel."),
    ]
}

/// Redis Sentinel.
package struct SentinelOptions: OptionGroup {
    package var masterName = ""
    package var username = ""
    package var password = ""
    package var latencyStrategy = false
    package var randomStrategy = false
    package var replicaStrategy = false
    package var useDisconnectedReplicas = false

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("masterName", \.masterName, "Name of the master."),
        .init("username", \.username, "User."),
        .init("password", \.password, "Password.", secret: true),
        .init("latencyStrategy", \.latencyStrategy, "Nearest replica."),
        .init("randomStrategy", \.randomStrategy, "Any replica."),
        .init("replicaStrategy", \.replicaStrategy, "Replicas only."),
        .init("useDisconnectedReplicas", \.useDisconnectedReplicas, "Disconnected ones, too."),
    ]
}

/// An HTTP endpoint.
package struct HTTPProviderOptions: OptionGroup {
    package var endpoint = ""
    package var pollInterval: OptionDuration = .seconds(5)
    package var pollTimeout: OptionDuration = .seconds(5)
    package var headers: [String: String] = [:]
    package var tls: ClientTLSOptions?
    package var maxResponseBodySize = -1

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("endpoint", \.endpoint, "URL."),
        .init("pollInterval", \.pollInterval, "Pause between polls."),
        .init("pollTimeout", \.pollTimeout, "Longest a poll may take."),
        .init("headers", \.headers, "Headers sent.", secret: true),
        .init("tls", \.tls, "TLS towards it."),
        .init("maxResponseBodySize", \.maxResponseBodySize, "Largest answer, in bytes; -1: no bound."),
    ]
}
