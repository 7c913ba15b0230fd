/// TLS-ALPN-01.
package struct TLSChallengeOptions: OptionGroup {
    package var delay: OptionDuration = .zero

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("delay", \.delay, "Pause before validation.")
    ]
}
