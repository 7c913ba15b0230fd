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
