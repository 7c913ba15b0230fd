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
