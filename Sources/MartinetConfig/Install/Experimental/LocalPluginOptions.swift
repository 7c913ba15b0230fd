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
