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
