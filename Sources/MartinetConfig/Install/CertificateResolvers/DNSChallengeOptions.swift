/// DNS-01.
package struct DNSChallengeOptions: OptionGroup {
    package var provider = ""
    package var resolvers: [String] = []
    package var propagation: PropagationOptions?
    package var delayBeforeCheck: OptionDuration = .zero
    package var disablePropagationCheck = false

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("provider", \.provider, "DNS provider."),
        .init("resolvers", \.resolvers, "Resolvers asked."),
        .init("propagation", \.propagation, "Checks before validation."),
        .init("delayBeforeCheck", \.delayBeforeCheck, "Pause.", deprecated: "use propagation.delayBeforeChecks"),
        .init(
            "disablePropagationCheck", \.disablePropagationCheck, "No check.",
            deprecated: "use propagation.disableChecks"
        ),
    ]
}
