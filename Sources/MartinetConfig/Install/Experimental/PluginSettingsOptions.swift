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
