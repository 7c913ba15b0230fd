/// OCSP stapling.
package struct OCSPOptions: OptionGroup {
    package var responderOverrides: [String: String] = [:]

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("responderOverrides", \.responderOverrides, "Responders to ask instead.")
    ]
}
