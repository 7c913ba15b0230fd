/// Docker.
package struct DockerOptions: OptionGroup {
    package var exposedByDefault = true
    package var constraints = ""
    package var allowEmptyServices = false
    package var network = ""
    package var useBindPortIP = false
    package var watch = true
    package var defaultRule = "Host(`{{ normalize .Name }}`)"
    package var username = ""
    package var password = ""
    package var endpoint = "unix:///var/run/docker.sock"
    package var tls: ClientTLSOptions?
    package var httpClientTimeout: OptionDuration = .zero

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("exposedByDefault", \.exposedByDefault, "Whether containers are exposed without a label."),
        .init("constraints", \.constraints, "Which containers count."),
        .init("allowEmptyServices", \.allowEmptyServices, "Whether stopped containers keep their routers."),
        .init("network", \.network, "Network to reach them by."),
        .init("useBindPortIP", \.useBindPortIP, "Whether published ports are used."),
        .init("watch", \.watch, "Whether changes are followed."),
        .init("defaultRule", \.defaultRule, "Rule of routers without one."),
        .init("username", \.username, "User."),
        .init("password", \.password, "Password.", secret: true),
        .init("endpoint", \.endpoint, "Socket or URL."),
        .init("tls", \.tls, "TLS towards it."),
        .init("httpClientTimeout", \.httpClientTimeout, "Longest a request may take; 0: no bound."),
    ]
}
