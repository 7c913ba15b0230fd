/// A Nomad agent.
package struct NomadEndpointOptions: OptionGroup {
    package var address = "http://127.0.0.1:4646"
    package var region = ""
    package var token = ""
    package var tls: ClientTLSOptions?
    package var endpointWaitTime: OptionDuration = .zero

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("address", \.address, "URL."),
        .init("region", \.region, "Region."),
        .init("token", \.token, "Token.", secret: true),
        .init("tls", \.tls, "TLS towards it."),
        .init("endpointWaitTime", \.endpointWaitTime, "Longest blocking query."),
    ]
}
