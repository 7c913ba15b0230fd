/// Takes what a regular expression matches off the path.
package struct StripPrefixRegexOptions: OptionGroup {
    package var regex: [String] = []

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("regex", \.regex, "The first that matches at the beginning is used.")
    ]
}
