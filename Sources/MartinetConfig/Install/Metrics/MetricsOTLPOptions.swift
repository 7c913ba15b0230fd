/// OpenTelemetry.
package struct MetricsOTLPOptions: OptionGroup {
    package var grpc: OTLPGRPCOptions?
    package var http: OTLPHTTPOptions?
    package var explicitBoundaries: [Double] = []
    package var pushInterval: OptionDuration = .seconds(10)
    package var serviceName = "traefik"
    package var resourceAttributes: [String: String] = [:]
    package var addEntryPointsLabels = true
    package var addRoutersLabels = false
    package var addServicesLabels = true

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("grpc", \.grpc, "Over gRPC."),
        .init("http", \.http, "Over HTTP."),
        .init("explicitBoundaries", \.explicitBoundaries, "Bounds of duration buckets, in seconds."),
        .init("pushInterval", \.pushInterval, "Pause between pushes."),
        .init("serviceName", \.serviceName, "Service name."),
        .init("resourceAttributes", \.resourceAttributes, "Attributes."),
        .init("addEntryPointsLabels", \.addEntryPointsLabels, "Whether entry points are told apart."),
        .init("addRoutersLabels", \.addRoutersLabels, "Whether routers are."),
        .init("addServicesLabels", \.addServicesLabels, "Whether services are."),
    ]
}
