/// Stops asking a failing service for a while.
package struct CircuitBreakerOptions: OptionGroup {
    package var expression = ""
    package var checkPeriod: OptionDuration = .milliseconds(100)
    package var fallbackDuration: OptionDuration = .seconds(10)
    package var recoveryDuration: OptionDuration = .seconds(10)
    package var responseCode = 503

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("expression", \.expression, "When it trips."),
        .init("checkPeriod", \.checkPeriod, "How often that is looked at (default 100ms)."),
        .init("fallbackDuration", \.fallbackDuration, "How long it stays tripped (default 10s)."),
        .init("recoveryDuration", \.recoveryDuration, "How long it takes back to full traffic (default 10s)."),
        .init("responseCode", \.responseCode, "Status while tripped (default 503)."),
    ]
}
