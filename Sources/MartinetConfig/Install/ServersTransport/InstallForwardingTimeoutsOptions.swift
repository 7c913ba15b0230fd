/// Deadlines towards servers.
package struct InstallForwardingTimeoutsOptions: OptionGroup {
    package var dialTimeout: OptionDuration = .seconds(30)
    package var responseHeaderTimeout: OptionDuration = .zero
    package var idleConnTimeout: OptionDuration = .seconds(90)

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("dialTimeout", \.dialTimeout, "Longest connecting may take."),
        .init("responseHeaderTimeout", \.responseHeaderTimeout, "Longest wait for an answer's head; 0: no bound."),
        .init("idleConnTimeout", \.idleConnTimeout, "How long unused connections are kept."),
    ]
}
