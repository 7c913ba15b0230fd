/// Traces.
package struct TracingOptions: OptionGroup {
    package var serviceName = "traefik"
    package var resourceAttributes: [String: String] = [:]
    package var globalAttributes: [String: String] = [:]
    package var capturedRequestHeaders: [String] = []
    package var capturedResponseHeaders: [String] = []
    package var safeQueryParams: [String] = []
    package var sampleRate = 1.0
    package var addInternals = false
    package var otlp: TracingOTLPOptions?

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("serviceName", \.serviceName, "Service name."),
        .init("resourceAttributes", \.resourceAttributes, "Attributes."),
        .init("globalAttributes", \.globalAttributes, "Attributes.", deprecated: "use resourceAttributes"),
        .init("capturedRequestHeaders", \.capturedRequestHeaders, "Request headers recorded."),
        .init("capturedResponseHeaders", \.capturedResponseHeaders, "Answer headers recorded."),
        .init("safeQueryParams", \.safeQueryParams, "Query parameters shown."),
        .init("sampleRate", \.sampleRate, "Share of requests traced."),
        .init("addInternals", \.addInternals, "Whether internal services are traced, too."),
        .init("otlp", \.otlp, "OpenTelemetry."),
    ]
}
