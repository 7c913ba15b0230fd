/// Takes a prefix off the path.
package struct StripPrefixOptions: OptionGroup {
    package var prefixes: [String] = []
    package var forceSlash: Bool?

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("prefixes", \.prefixes, "The first that the path begins with is taken off.", text: .target),
        .init("forceSlash", \.forceSlash, "No effect.", deprecated: "remove it"),
    ]
}
