/// Redirection to another entry point.
package struct EntryPointRedirectionOptions: OptionGroup {
    package var to = ""
    package var scheme = "https"
    package var permanent = true
    package var priority = 9_223_372_036_854_775_806

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("to", \.to, "Name of an entry point, or :port.", text: .target),
        .init("scheme", \.scheme, "Scheme of the new URL.", text: .target),
        .init("permanent", \.permanent, "Whether it is permanent."),
        .init("priority", \.priority, "Priority of the router that does it."),
    ]
}
