/// A Gateway.
package struct GatewayReferenceOptions: OptionGroup {
    package var name = ""
    package var namespace = ""

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("name", \.name, "Name."),
        .init("namespace", \.namespace, "Namespace."),
    ]
}
