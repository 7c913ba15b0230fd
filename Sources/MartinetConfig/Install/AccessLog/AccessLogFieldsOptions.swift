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
