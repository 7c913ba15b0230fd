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
