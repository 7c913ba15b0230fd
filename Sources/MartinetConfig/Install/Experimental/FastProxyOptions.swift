/// No effect.
package struct FastProxyOptions: OptionGroup {
    package var debug = false

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("debug", \.debug, "No effect.")
    ]
}
