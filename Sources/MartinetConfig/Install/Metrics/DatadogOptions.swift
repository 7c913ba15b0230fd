/// Datadog.
package struct DatadogOptions: OptionGroup {
    package var address = ""
    package var pushInterval: OptionDuration = .seconds(10)
    package var prefix = "traefik"
    package var addEntryPointsLabels = true
    package var addRoutersLabels = false
    package var addServicesLabels = true

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("address", \.address, "host:port or a socket."),
        .init("pushInterval", \.pushInterval, "Pause between pushes."),
        .init("prefix", \.prefix, "Prefix of names."),
        .init("addEntryPointsLabels", \.addEntryPointsLabels, "Whether entry points are told apart."),
        .init("addRoutersLabels", \.addRoutersLabels, "Whether routers are."),
        .init("addServicesLabels", \.addServicesLabels, "Whether services are."),
    ]
}
