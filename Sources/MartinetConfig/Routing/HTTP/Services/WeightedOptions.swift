/// A service that shares requests among other services.
package struct WeightedOptions: OptionGroup {
    package var services: [WeightedChildOptions] = []
    package var sticky: StickyOptions?
    package var healthCheck: ChildHealthCheckOptions?

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("services", \.services, "The services."),
        .init("sticky", \.sticky, "Keeps a client on one of them."),
        .init("healthCheck", \.healthCheck, "Whether the children's state is handed up."),
    ]
}
