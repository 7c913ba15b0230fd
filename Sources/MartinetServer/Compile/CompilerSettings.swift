package import MartinetConfig
package import MartinetCore

/// What the install configuration decides about routing. A change of it makes everything be compiled anew.
package struct CompilerSettings: Sendable, Equatable {
    /// What routers get from the entry point they are on.
    package struct EntryPoint: Sendable, Equatable {
        package var name: String
        package var isUDP = false
        /// Whether routers that name no entry point are put here; see ``CompilerSettings/defaultEntryPoints``.
        package var asDefault = false
        /// Put before each router's own; they carry their provider.
        package var middlewares: [String] = []
        /// What routers without a TLS section of their own get.
        package var tls: RouterTLSOptions?
        /// Whether tls-alpn-01 challenges are left to the routers.
        package var allowsACMEByPass = false
        /// Whether routers that do not say are in the access log, the metrics, the traces. All default to true.
        /// Whether it has a section `observability`.
        package var hasObservability = false
        package var accessLogs = true
        package var metrics = true
        package var tracing = true
        package var traceVerbosity = "minimal"

        package init(name: String) { self.name = name }

        /// Whether routers on this entry point differ from what they are elsewhere, and so become copies of their own.
        ///
        /// As in Traefik `observability` alone has that effect, be its values the defaults.
        var hasModel: Bool { !middlewares.isEmpty || tls != nil || hasObservability }
    }

    /// A router the proxy brings itself.
    package struct InternalRouter: Sendable, Equatable {
        package var name: String
        package var options: HTTPRouterOptions
        /// Middlewares that come with it, by name; theirs is the provider `internal`, too.
        package var middlewares: [String: MiddlewareOptions] = [:]

        package init(name: String, options: HTTPRouterOptions) {
            self.name = name
            self.options = options
        }
    }

    package var entryPoints: [EntryPoint] = []
    /// Names of providers; among equal priorities routers of earlier ones come first.
    package var precedence: [String] = CompilerSettings.defaultPrecedence
    /// `default@internal`: for services that name no servers transport.
    package var defaultTransport = UpstreamTransport(name: "default@internal")
    /// Its TLS.
    package var defaultTLS = UpstreamTLSOptions()
    /// Routers of the provider `internal`: API, ping, redirections of entry points.
    package var internalRouters: [InternalRouter] = []
    /// Whether requests answered by services of the provider `internal` are in the access log. Default false.
    package var logsInternalServices = false
    /// `core.strictTLSOptions`: routers that want different TLS options for one host are disabled, not given the default ones.
    package var strictTLSOptions = false
    /// Where the entry points can be reached: servers that are there get the count of hops.
    package var ownAddresses = OwnAddresses()
    /// What the install configuration asks of routing that this version does not do; handed on with each compilation.
    package var problems: [String] = []

    package init() {}

    /// Traefik's order of providers.
    package static let defaultPrecedence = [
        "kubernetesgateway", "kubernetescrd", "kubernetes", "kubernetesingressnginx", "swarm", "docker", "file",
        "redis",
        "knative", "consul", "consulcatalog", "nomad", "etcd", "ecs", "http", "zookeeper", "rest",
    ]

    /// Highest priority a user's router may have: the last 1000 belong to the proxy.
    static let maximumPriority: Int64 = .max - 1000

    /// Those marked `asDefault`; without any, all but UDP ones and `traefik`.
    var defaultEntryPoints: [String] {
        let marked = entryPoints.filter(\.asDefault)
        if !marked.isEmpty { return marked.map(\.name) }
        return entryPoints.filter { !$0.isUDP && $0.name != "traefik" }.map(\.name)
    }

    /// Place of `provider` among equal priorities; unlisted ones come last.
    func order(of provider: String) -> Int { precedence.firstIndex(of: provider) ?? precedence.count }
}
