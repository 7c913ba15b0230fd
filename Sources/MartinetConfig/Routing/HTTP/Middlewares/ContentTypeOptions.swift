/// Lets answers without Content-Type be given one.
package struct ContentTypeOptions: OptionGroup {
    package var autoDetect: Bool?

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("autoDetect", \.autoDetect, "No effect.", deprecated: "remove it")
    ]
}
