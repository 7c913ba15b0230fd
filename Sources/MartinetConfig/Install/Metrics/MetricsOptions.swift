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
