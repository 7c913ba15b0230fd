/// A service with another that stands in when it is down.
package struct FailoverOptions: OptionGroup {
    package var service = ""
    package var fallback = ""
    package var healthCheck: ChildHealthCheckOptions?
    package var errors: FailoverErrorsOptions?

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("service", \.service, "The main service."),
        .init("fallback", \.fallback, "Used when the main one is down."),
        .init("healthCheck", \.healthCheck, "Whether the children's state is handed up."),
        .init("errors", \.errors, "Answers that count as failures."),
    ]
}
