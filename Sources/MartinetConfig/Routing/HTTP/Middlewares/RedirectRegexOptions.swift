/// Redirects by a regular expression on the whole URL.
package struct RedirectRegexOptions: OptionGroup {
    package var regex = ""
    package var replacement = ""
    package var permanent = false

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("regex", \.regex, "What to look for."),
        .init("replacement", \.replacement, "The new URL; $1 stands for the first group.", text: .target),
        .init("permanent", \.permanent, "Whether the redirection is permanent (301, 308) rather than 302, 307."),
    ]
}
