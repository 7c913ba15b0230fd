/// Query parameters logged.
package struct AccessLogQueryOptions: OptionGroup {
    package var defaultMode = "keep"

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("defaultMode", \.defaultMode, "keep or drop.")
    ]
}
