/// External account binding.
package struct EABOptions: OptionGroup {
    package var kid = ""
    package var hmacEncoded = ""

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("kid", \.kid, "Key identifier."),
        .init("hmacEncoded", \.hmacEncoded, "Key, in base64url.", secret: true),
    ]
}
