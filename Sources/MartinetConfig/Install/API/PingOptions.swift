/// Answers health checks at /ping.
package struct PingOptions: OptionGroup {
    package var entryPoint = "traefik"
    package var manualRouting = false
    package var terminatingStatusCode = 503

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("entryPoint", \.entryPoint, "Entry point it is on."),
        .init("manualRouting", \.manualRouting, "Whether only ping@internal is made."),
        .init("terminatingStatusCode", \.terminatingStatusCode, "Status while stopping."),
    ]
}
