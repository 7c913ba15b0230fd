/// UDP.
package struct EntryPointUDPOptions: OptionGroup {
    package var timeout: OptionDuration = .seconds(3)

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("timeout", \.timeout, "Idle time after which a session ends.")
    ]
}
