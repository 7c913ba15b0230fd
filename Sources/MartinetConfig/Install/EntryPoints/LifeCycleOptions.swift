/// How an entry point stops.
package struct LifeCycleOptions: OptionGroup {
    package var requestAcceptGraceTimeout: OptionDuration = .zero
    package var graceTimeOut: OptionDuration = .seconds(10)

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("requestAcceptGraceTimeout", \.requestAcceptGraceTimeout, "How long it goes on accepting."),
        .init("graceTimeOut", \.graceTimeOut, "How long requests may take to finish."),
    ]
}
