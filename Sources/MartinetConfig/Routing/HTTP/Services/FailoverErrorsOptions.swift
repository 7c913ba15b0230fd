/// Answers of the main service after which the other is asked.
package struct FailoverErrorsOptions: OptionGroup {
    package var status: [String] = []
    package var maxRequestBodyBytes: Int? = -1

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("status", \.status, "Statuses and ranges, for example 500-599."),
        .init("maxRequestBodyBytes", \.maxRequestBodyBytes, "Largest body kept for the second try (default -1: any)."),
    ]
}
