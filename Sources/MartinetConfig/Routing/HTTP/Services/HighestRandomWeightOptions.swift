/// A service that sends each client to the same of several services.
package struct HighestRandomWeightOptions: OptionGroup {
    package var services: [WeightedChildOptions] = []
    package var healthCheck: ChildHealthCheckOptions?

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("services", \.services, "The services."),
        .init("healthCheck", \.healthCheck, "Whether the children's state is handed up."),
    ]
}
