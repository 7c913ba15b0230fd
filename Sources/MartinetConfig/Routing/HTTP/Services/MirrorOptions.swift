/// One that gets copies.
package struct MirrorOptions: OptionGroup {
    package var name = ""
    package var percent = 0

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("name", \.name, "Name of the service."),
        .init("percent", \.percent, "Share of the requests that is copied."),
    ]
}
