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
