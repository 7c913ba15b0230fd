/// Experiments.
package struct ExperimentalOptions: OptionGroup {
    package var plugins: [String: PluginOptions] = [:]
    package var localPlugins: [String: LocalPluginOptions] = [:]
    package var abortOnPluginFailure = false
    package var fastProxy: FastProxyOptions?
    package var otlpLogs = false
    package var knative = false
    package var kubernetesGateway = false
    package var kubernetesIngressNGINX = false

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("plugins", \.plugins, "Plugins."),
        .init("localPlugins", \.localPlugins, "Plugins on this machine."),
        .init("abortOnPluginFailure", \.abortOnPluginFailure, "Whether a broken plugin stops the start."),
        .init("fastProxy", \.fastProxy, "No effect: Martinet has one data path."),
        .init("otlpLogs", \.otlpLogs, "OpenTelemetry logs."),
        .init("knative", \.knative, "Knative."),
        .init("kubernetesGateway", \.kubernetesGateway, "No effect.", deprecated: "remove it"),
        .init("kubernetesIngressNGINX", \.kubernetesIngressNGINX, "No effect.", deprecated: "remove it"),
    ]
}
