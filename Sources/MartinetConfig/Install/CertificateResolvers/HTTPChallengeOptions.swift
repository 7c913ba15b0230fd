/// HTTP-01.
package struct HTTPChallengeOptions: OptionGroup {
    package var entryPoint = ""
    package var delay: OptionDuration = .zero

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("entryPoint", \.entryPoint, "Entry point it is answered on."),
        .init("delay", \.delay, "Pause before validation."),
    ]
}
