/// Deadlines and limits of connections.
package struct EntryPointTransportOptions: OptionGroup {
    package var lifeCycle = LifeCycleOptions()
    package var respondingTimeouts = RespondingTimeoutsOptions()
    package var keepAliveMaxRequests = 0
    package var keepAliveMaxTime: OptionDuration = .zero

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("lifeCycle", \.lifeCycle, "How it stops."),
        .init("respondingTimeouts", \.respondingTimeouts, "Deadlines."),
        .init("keepAliveMaxRequests", \.keepAliveMaxRequests, "Requests on one connection; 0: no bound."),
        .init("keepAliveMaxTime", \.keepAliveMaxTime, "Life of a connection; 0: no bound."),
    ]
}
