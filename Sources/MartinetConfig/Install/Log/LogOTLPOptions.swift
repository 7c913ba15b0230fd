/// OpenTelemetry of a log.
package struct LogOTLPOptions: OptionGroup {
    package var serviceName = "traefik"
    package var resourceAttributes: [String: String] = [:]
    package var grpc: OTLPGRPCOptions?
    package var http: OTLPHTTPOptions?

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("serviceName", \.serviceName, "Service name."),
        .init("resourceAttributes", \.resourceAttributes, "Attributes."),
        .init("grpc", \.grpc, "Over gRPC."),
        .init("http", \.http, "Over HTTP."),
    ]
}
