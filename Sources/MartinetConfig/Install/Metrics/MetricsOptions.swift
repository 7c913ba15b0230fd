/// Metrics.
package struct MetricsOptions: OptionGroup {
    package var addInternals = false
    package var prometheus: PrometheusOptions?
    package var datadog: DatadogOptions?
    package var statsD: StatsDOptions?
    package var influxDB2: InfluxDB2Options?
    package var otlp: MetricsOTLPOptions?

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("addInternals", \.addInternals, "Whether internal services are counted, too."),
        .init("prometheus", \.prometheus, "Prometheus."),
        .init("datadog", \.datadog, "Datadog."),
        .init("statsD", \.statsD, "StatsD."),
        .init("influxDB2", \.influxDB2, "InfluxDB 2."),
        .init("otlp", \.otlp, "OpenTelemetry."),
    ]
}

/// Prometheus.
package struct PrometheusOptions: OptionGroup {
    package var buckets: [Double] = [0.1, 0.3, 1.2, 5.0]
    package var addEntryPointsLabels = true
    package var addRoutersLabels = false
    package var addServicesLabels = true
    package var entryPoint = "traefik"
    package var manualRouting = false
    package var headerLabels: [String: String] = [:]

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("buckets", \.buckets, "Bounds of duration buckets, in seconds."),
        .init("addEntryPointsLabels", \.addEntryPointsLabels, "Whether entry points are told apart."),
        .init("addRoutersLabels", \.addRoutersLabels, "Whether routers are."),
        .init("addServicesLabels", \.addServicesLabels, "Whether services are."),
        .init("entryPoint", \.entryPoint, "Entry point of /metrics."),
        .init("manualRouting", \.manualRouting, "Whether only prometheus@internal is made."),
        .init("headerLabels", \.headerLabels, "Labels from headers."),
    ]
}

/// Datadog.
package struct DatadogOptions: OptionGroup {
    package var address = ""
    package var pushInterval: OptionDuration = .seconds(10)
    package var prefix = "traefik"
    package var addEntryPointsLabels = true
    package var addRoutersLabels = false
    package var addServicesLabels = true

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("address", \.address, "host:port or a socket."),
        .init("pushInterval", \.pushInterval, "Pause between pushes."),
        .init("prefix", \.prefix, "Prefix of names."),
        .init("addEntryPointsLabels", \.addEntryPointsLabels, "Whether entry points are told apart."),
        .init("addRoutersLabels", \.addRoutersLabels, "Whether routers are."),
        .init("addServicesLabels", \.addServicesLabels, "Whether services are."),
    ]
}

/// StatsD.
package struct StatsDOptions: OptionGroup {
    package var address = "localhost:8125"
    package var pushInterval: OptionDuration = .seconds(10)
    package var prefix = "traefik"
    package var addEntryPointsLabels = true
    package var addRoutersLabels = false
    package var addServicesLabels = true

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("address", \.address, "host:port."),
        .init("pushInterval", \.pushInterval, "Pause between pushes."),
        .init("prefix", \.prefix, "Prefix of names."),
        .init("addEntryPointsLabels", \.addEntryPointsLabels, "Whether entry points are told apart."),
        .init("addRoutersLabels", \.addRoutersLabels, "Whether routers are."),
        .init("addServicesLabels", \.addServicesLabels, "Whether services are."),
    ]
}

/// InfluxDB 2.
package struct InfluxDB2Options: OptionGroup {
    package var address = "http://localhost:8086"
    package var token = ""
    package var org = ""
    package var bucket = ""
    package var pushInterval: OptionDuration = .seconds(10)
    package var additionalLabels: [String: String] = [:]
    package var addEntryPointsLabels = true
    package var addRoutersLabels = false
    package var addServicesLabels = true

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("address", \.address, "URL."),
        .init("token", \.token, "Token, or file with it.", secret: true),
        .init("org", \.org, "Organisation."),
        .init("bucket", \.bucket, "Bucket."),
        .init("pushInterval", \.pushInterval, "Pause between pushes."),
        .init("additionalLabels", \.additionalLabels, "Further labels."),
        .init("addEntryPointsLabels", \.addEntryPointsLabels, "Whether entry points are told apart."),
        .init("addRoutersLabels", \.addRoutersLabels, "Whether routers are."),
        .init("addServicesLabels", \.addServicesLabels, "Whether services are."),
    ]
}

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
