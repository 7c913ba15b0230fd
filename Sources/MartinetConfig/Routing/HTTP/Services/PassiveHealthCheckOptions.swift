/// Takes servers out by the failures of ordinary requests.
package struct PassiveHealthCheckOptions: OptionGroup {
    package var failureWindow: OptionDuration? = .seconds(10)
    package var maxFailedAttempts = 1

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("failureWindow", \.failureWindow, "Time in which failures are counted (default 10s)."),
        .init("maxFailedAttempts", \.maxFailedAttempts, "Failures that take a server out (default 1)."),
    ]
}
