/// Replaces the path.
package struct ReplacePathOptions: OptionGroup {
    package var path = ""

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("path", \.path, "The new path.", text: .target)
    ]
}
