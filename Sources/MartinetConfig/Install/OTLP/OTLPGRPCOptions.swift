/// OpenTelemetry over gRPC.
package struct OTLPGRPCOptions: OptionGroup {
    package var endpoint = "localhost:4317"
    package var insecure = false
    package var tls: ClientTLSOptions?
    package var headers: [String: String] = [:]

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("endpoint", \.endpoint, "host:port."),
        .init("insecure", \.insecure, "Without TLS."),
        .init("tls", \.tls, "TLS."),
        .init("headers", \.headers, "Headers sent.", secret: true),
    ]
}
