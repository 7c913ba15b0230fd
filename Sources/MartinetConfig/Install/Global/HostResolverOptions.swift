/// CNAME flattening.
package struct HostResolverOptions: OptionGroup {
    package var cnameFlattening = false
    package var resolvConfig = "/etc/resolv.conf"
    package var resolvDepth = 5

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("cnameFlattening", \.cnameFlattening, "Whether it is done."),
        .init("resolvConfig", \.resolvConfig, "Resolver configuration."),
        .init("resolvDepth", \.resolvDepth, "Longest chain followed."),
    ]
}
