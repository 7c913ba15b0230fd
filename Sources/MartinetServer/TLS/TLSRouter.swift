/// A router with TLS, as far as the choice of TLS options is concerned.
package struct TLSRouter: Sendable, Equatable {
    package var name: String
    /// The rule as written, for messages.
    package var rule: String
    /// What `Rule.domains` gives: lower case, positive hosts only, `*.parent` and `*` among them.
    package var hosts: [String]
    /// `default` or `name@provider`; see ``qualified(_:provider:)``.
    package var options: String

    package init(name: String, rule: String, hosts: [String], options: String) {
        self.name = name
        self.rule = rule
        self.hosts = hosts
        self.options = options
    }

    /// What the API calls a router that does not get the options it asks for on that entry point.
    static func conflictName(of router: String, on entryPoint: String) -> String {
        "\(entryPoint)-conflicted-\(router)"
    }

    /// The full name of what a router of `provider` calls `options`; empty means `default`, which belongs to no provider.
    package static func qualified(_ options: String, provider: String) -> String {
        options.isEmpty || options == ServerTLSPolicy.defaultName
            ? ServerTLSPolicy.defaultName : QualifiedName.make(options, provider: provider)
    }
}
