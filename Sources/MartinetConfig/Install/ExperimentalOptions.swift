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

/// A plugin.
package struct PluginOptions: OptionGroup {
    package var moduleName = ""
    package var version = ""
    package var hash = ""
    package var settings: PluginSettingsOptions?

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("moduleName", \.moduleName, "Module."),
        .init("version", \.version, "Version."),
        .init("hash", \.hash, "SHA-256 of the archive."),
        .init("settings", \.settings, "Settings."),
    ]
}

/// A plugin on this machine.
package struct LocalPluginOptions: OptionGroup {
    package var moduleName = ""
    package var settings: PluginSettingsOptions?

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("moduleName", \.moduleName, "Module."),
        .init("settings", \.settings, "Settings."),
    ]
}

/// Settings of a plugin.
package struct PluginSettingsOptions: OptionGroup {
    package var envs: [String] = []
    package var mounts: [String] = []
    package var useUnsafe = false

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("envs", \.envs, "Environment variables it sees."),
        .init("mounts", \.mounts, "Folders it sees."),
        .init("useUnsafe", \.useUnsafe, "Whether it may use unsafe code."),
    ]
}

/// No effect.
package struct FastProxyOptions: OptionGroup {
    package var debug = false

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("debug", \.debug, "No effect.")
    ]
}
