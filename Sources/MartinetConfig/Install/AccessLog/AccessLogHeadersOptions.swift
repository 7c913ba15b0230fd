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
