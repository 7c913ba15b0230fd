/// Status of Ingresses.
package struct IngressEndpointOptions: OptionGroup {
    package var ip = ""
    package var hostname = ""
    package var publishedService = ""

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("ip", \.ip, "Address."),
        .init("hostname", \.hostname, "Name."),
        .init("publishedService", \.publishedService, "namespace/name of a service."),
    ]
}
