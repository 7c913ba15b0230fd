/// Puts a prefix before the path.
package struct AddPrefixOptions: OptionGroup {
    package var prefix = ""

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("prefix", \.prefix, "What is put before the path; a leading / is added.", text: .target)
    ]
}
