/// What routers record unless they say otherwise.
package struct EntryPointObservabilityOptions: OptionGroup {
    package var accessLogs = true
    package var metrics = true
    package var tracing = true
    package var traceVerbosity = "minimal"

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("accessLogs", \.accessLogs, "Access log.", alwaysShown: true),
        .init("metrics", \.metrics, "Metrics.", alwaysShown: true),
        .init("tracing", \.tracing, "Traces.", alwaysShown: true),
        .init("traceVerbosity", \.traceVerbosity, "minimal or detailed."),
    ]
}
