/// Deadlines of an entry point.
package struct RespondingTimeoutsOptions: OptionGroup {
    package var readTimeout: OptionDuration = .seconds(60)
    package var writeTimeout: OptionDuration = .zero
    package var idleTimeout: OptionDuration = .seconds(180)

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("readTimeout", \.readTimeout, "Longest a request may take to arrive, body included; 0: no bound."),
        .init("writeTimeout", \.writeTimeout, "Longest an answer may take; 0: no bound."),
        .init("idleTimeout", \.idleTimeout, "Longest pause between requests."),
    ]
}
