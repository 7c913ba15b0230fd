/// The access log.
package struct AccessLogOptions: OptionGroup {
    package var filePath = ""
    package var format = "common"
    package var bufferingSize = 0
    package var addInternals = false
    package var dualOutput = false
    package var filters: AccessLogFiltersOptions?
    package var fields: AccessLogFieldsOptions?
    package var otlp: LogOTLPOptions?

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("filePath", \.filePath, "File; empty: standard output."),
        .init("format", \.format, "common, genericCLF or json."),
        .init("bufferingSize", \.bufferingSize, "Lines kept before writing."),
        .init("addInternals", \.addInternals, "Whether internal services are logged, too."),
        .init("dualOutput", \.dualOutput, "Whether standard output gets it besides OTLP."),
        .init("filters", \.filters, "What is logged."),
        .init("fields", \.fields, "Which fields are logged."),
        .init("otlp", \.otlp, "OpenTelemetry."),
    ]
}
