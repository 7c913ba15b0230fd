/// Files.
package struct FileProviderOptions: OptionGroup {
    package var directory = ""
    package var watch = true
    package var filename = ""
    package var debugLogGeneratedTemplate = false

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("directory", \.directory, "Folder of files; sub-folders count, too."),
        .init("watch", \.watch, "Whether changes are followed."),
        .init("filename", \.filename, "One file."),
        .init("debugLogGeneratedTemplate", \.debugLogGeneratedTemplate, "Whether the evaluated template is logged."),
    ]
}
