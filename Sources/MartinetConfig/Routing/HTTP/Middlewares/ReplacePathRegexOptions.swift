/// Replaces the path by a regular expression.
package struct ReplacePathRegexOptions: OptionGroup {
    package var regex = ""
    package var replacement = ""

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("regex", \.regex, "What to look for."),
        .init("replacement", \.replacement, "What to put there; $1 stands for the first group.", text: .value),
    ]
}
