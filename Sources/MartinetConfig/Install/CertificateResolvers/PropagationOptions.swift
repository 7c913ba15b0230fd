/// Checks before validation.
package struct PropagationOptions: OptionGroup {
    package var disableChecks = false
    package var disableANSChecks = false
    package var requireAllRNS = false
    package var delayBeforeChecks: OptionDuration = .zero

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("disableChecks", \.disableChecks, "None."),
        .init("disableANSChecks", \.disableANSChecks, "None of authoritative servers."),
        .init("requireAllRNS", \.requireAllRNS, "All resolvers must agree."),
        .init("delayBeforeChecks", \.delayBeforeChecks, "Pause before them."),
    ]
}
