/// Redis Sentinel.
package struct SentinelOptions: OptionGroup {
    package var masterName = ""
    package var username = ""
    package var password = ""
    package var latencyStrategy = false
    package var randomStrategy = false
    package var replicaStrategy = false
    package var useDisconnectedReplicas = false

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("masterName", \.masterName, "Name of the master."),
        .init("username", \.username, "User."),
        .init("password", \.password, "Password.", secret: true),
        .init("latencyStrategy", \.latencyStrategy, "Nearest replica."),
        .init("randomStrategy", \.randomStrategy, "Any replica."),
        .init("replicaStrategy", \.replicaStrategy, "Replicas only."),
        .init("useDisconnectedReplicas", \.useDisconnectedReplicas, "Disconnected ones, too."),
    ]
}
