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
