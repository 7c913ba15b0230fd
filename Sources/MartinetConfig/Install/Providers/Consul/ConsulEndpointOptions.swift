/// A Consul agent.
package struct ConsulEndpointOptions: OptionGroup {
    package var address = ""
    package var scheme = ""
    package var datacenter = ""
    package var token = ""
    package var tls: ClientTLSOptions?
    package var httpAuth: HTTPAuthOptions?
    package var endpointWaitTime: OptionDuration = .zero

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("address", \.address, "host:port."),
        .init("scheme", \.scheme, "http or https."),
        .init("datacenter", \.datacenter, "Datacentre."),
        .init("token", \.token, "Token.", secret: true),
        .init("tls", \.tls, "TLS towards it."),
        .init("httpAuth", \.httpAuth, "Basic authentication."),
        .init("endpointWaitTime", \.endpointWaitTime, "Longest blocking query."),
    ]
}
