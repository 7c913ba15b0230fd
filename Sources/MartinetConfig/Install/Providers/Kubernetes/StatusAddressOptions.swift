/// Status of Gateways.
package struct StatusAddressOptions: OptionGroup {
    package var ip = ""
    package var hostname = ""
    package var service: ServiceReferenceOptions?

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("ip", \.ip, "Address."),
        .init("hostname", \.hostname, "Name."),
        .init("service", \.service, "Service."),
    ]
}
