/// OpenTelemetry of traces.
package struct TracingOTLPOptions: OptionGroup {
    package var grpc: OTLPGRPCOptions?
    package var http: OTLPHTTPOptions?

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("grpc", \.grpc, "Over gRPC."),
        .init("http", \.http, "Over HTTP."),
    ]
}
