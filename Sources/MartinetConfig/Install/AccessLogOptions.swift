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

/// What is logged; any that matches keeps the line.
package struct AccessLogFiltersOptions: OptionGroup {
    package var statusCodes: [String] = []
    package var retryAttempts = false
    package var minDuration: OptionDuration = .zero

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("statusCodes", \.statusCodes, "Statuses and ranges."),
        .init("retryAttempts", \.retryAttempts, "Requests that were retried."),
        .init("minDuration", \.minDuration, "Requests that took this long."),
    ]
}

/// Which fields are logged.
package struct AccessLogFieldsOptions: OptionGroup {
    package var defaultMode = "keep"
    package var names: [String: String] = [:]
    package var headers: AccessLogHeadersOptions?
    package var queryParameters: AccessLogQueryOptions?

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("defaultMode", \.defaultMode, "keep or drop."),
        .init("names", \.names, "Mode of single fields."),
        .init("headers", \.headers, "Headers."),
        .init("queryParameters", \.queryParameters, "Query parameters."),
    ]
}

/// Headers logged.
package struct AccessLogHeadersOptions: OptionGroup {
    package var defaultMode = "drop"
    package var names: [String: String] = [:]

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("defaultMode", \.defaultMode, "keep, drop or redact."),
        .init("names", \.names, "Mode of single headers."),
    ]
}

/// Query parameters logged.
package struct AccessLogQueryOptions: OptionGroup {
    package var defaultMode = "keep"

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("defaultMode", \.defaultMode, "keep or drop.")
    ]
}
