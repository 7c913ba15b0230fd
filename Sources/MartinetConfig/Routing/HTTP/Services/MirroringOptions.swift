/// A service whose requests are copied to others.
package struct MirroringOptions: OptionGroup {
    package var service = ""
    package var mirrorBody: Bool? = true
    package var maxBodySize: Int? = -1
    package var mirrors: [MirrorOptions] = []
    package var healthCheck: ChildHealthCheckOptions?

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("service", \.service, "The service whose answer counts."),
        .init("mirrorBody", \.mirrorBody, "Whether bodies are copied, too (default true)."),
        .init("maxBodySize", \.maxBodySize, "Largest body that is copied, in bytes (default -1: any)."),
        .init("mirrors", \.mirrors, "The services that get copies."),
        .init("healthCheck", \.healthCheck, "Whether the main service's state is handed up."),
    ]
}
