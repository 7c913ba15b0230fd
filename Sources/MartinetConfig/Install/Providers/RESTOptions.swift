/// PUT requests.
package struct RESTOptions: OptionGroup {
    package var insecure = false

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("insecure", \.insecure, "Whether the entry point traefik takes them from anybody.")
    ]
}
