/// Redirects to another scheme or port.
package struct RedirectSchemeOptions: OptionGroup {
    package var scheme = ""
    package var port = ""
    package var permanent = false

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("scheme", \.scheme, "The scheme to redirect to.", text: .target),
        .init("port", \.port, "The port to redirect to.", text: .target),
        .init("permanent", \.permanent, "Whether the redirection is permanent (301, 308) rather than 302, 307."),
    ]
}
