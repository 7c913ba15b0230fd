package import MartinetConfig
package import MartinetCore

/// A routing configuration in force: what entry points route by, what the API shows, and what a later compilation reuses.
package struct CompiledRouting: Sendable {
    /// By name of the entry point; one for each entry point that is not UDP.
    package let entryPoints: [String: EntryPointTable]
    /// By the same names; empty when the compiler was given no TLS material.
    package let tls: [String: TLSTable]
    package let runtime: RuntimeConfiguration
    /// Everything wrong with the configuration, in a stable order.
    package let diagnostics: [Diagnostic]
    let state: CompilationState

    /// The servers whose health is checked; the same objects as in the routing before wherever nothing changed.
    package var healthChecks: [HealthCheckTarget] {
        state.healthChecks.sorted { $0.key < $1.key }.flatMap(\.value)
    }

    /// Certificates, keys and authorities for connections to servers, and what middlewares are made of.
    package var watchedFiles: WatchedFiles {
        state.middlewareNodes.values.reduce(into: state.upstreamFiles) { $0.formUnion($1.files) }
    }
}

/// What is kept from one compilation to the next. Dictionaries are keyed by `name@provider`.
struct CompilationState: Sendable {
    /// Rules by text and syntax. Pruned when most of them are no longer in use.
    struct RuleKey: Hashable, Sendable {
        var text: String
        var syntax: RuleSyntax
    }

    var settings = CompilerSettings()
    var inputs: [ProviderConfiguration] = []
    /// Objects that could not be decoded, with the reason.
    var broken: [ObjectKey: String] = [:]
    var transports: [String: Boxed<ServersTransportOptions>] = [:]
    /// Routers as their providers gave them.
    var routers: [String: RouterSource] = [:]
    /// Children of each router that has some, and of each name that is a parent but no router.
    var children: [String: Set<String>] = [:]
    var middlewareNodes: [String: MiddlewareNode] = [:]
    var serviceNodes: [String: ServiceNode] = [:]
    var routerNodes: [String: RouterNode] = [:]
    /// Owned by routers, by the names of their copies, and by services.
    var instances = MiddlewareInstances()
    var rules: [RuleKey: CompiledRule] = [:]
    var tables: [String: EntryPointEntries] = [:]
    var pools = PoolRegistry()
    var tls: TLSMaterial?
    /// TLS of servers transports by name, and the files it was made of.
    var security: [String: UpstreamTLSPolicy] = [:]
    var upstreamFiles = WatchedFiles()
    var problems: [ObjectKey: [ObjectProblem]] = [:]
    /// What is known of servers that are watched, by service and URL. Balancers of later configurations go on with it.
    var serverStates: [String: [String: CandidateState]] = [:]
    /// By service.
    var healthChecks: [String: [HealthCheckTarget]] = [:]
}

/// A router as its provider gave it. A class, so that copying a table of thousands copies references.
final class RouterSource: Sendable {
    let provider: String
    let options: Boxed<HTTPRouterOptions>

    init(provider: String, options: Boxed<HTTPRouterOptions>) {
        self.provider = provider
        self.options = options
    }
}

/// The routers of one entry point in order of precedence, and the table made of them.
struct EntryPointEntries: Sendable {
    var plain: [RouteEntry<Route>] = []
    var secure: [RouteEntry<Route>] = []
    /// Those of `secure` as the choice of TLS options sees them, by name.
    var tlsRouters: [String: TLSRouter] = [:]
    /// What is wrong with their TLS options.
    var tlsProblems: [String: [TLSRouterProblem]] = [:]
    var tls: TLSTable?
    var table = EntryPointTable(plain: RoutingTable(), secure: RoutingTable())
}

/// A middleware that has been built, or the reason why not.
final class MiddlewareNode: Sendable {
    /// The middleware; for a chain what it consists of, chains laid out flat.
    let result: Result<[any HTTPMiddleware], CompilationFailure>
    /// Everything the result depends on, itself included, missing objects too.
    let dependencies: Set<ObjectKey>
    /// Levels of chains, itself included.
    let depth: Int
    /// What was read for it; of a chain none, its members have their own.
    let files: WatchedFiles
    /// What is wrong with it: why it could not be built, or not anew from files that changed.
    let failure: CompilationFailure?

    var isBuilt: Bool {
        if case .success = result { return true }
        return false
    }

    init(
        result: Result<[any HTTPMiddleware], CompilationFailure>, dependencies: Set<ObjectKey>, depth: Int,
        files: WatchedFiles = WatchedFiles(), failure: CompilationFailure? = nil
    ) {
        self.result = result
        self.dependencies = dependencies
        self.depth = depth
        self.files = files
        if case .failure(let reason) = result { self.failure = reason } else { self.failure = failure }
    }

    /// The same, after `files` were no good.
    func kept(despite failure: CompilationFailure, _ files: WatchedFiles) -> MiddlewareNode {
        MiddlewareNode(
            result: result, dependencies: dependencies, depth: depth, files: files, failure: failure.survived)
    }
}

/// A service that has been built, or the reason why not.
final class ServiceNode: Sendable {
    struct Built: Sendable {
        var service: any HTTPService
        /// The service's own middlewares, to stand after the router's.
        var chain: [any HTTPMiddleware]
        /// What is wrong with parts of the service that it does without.
        var faults: [CompilationFailure] = []

        /// The service as part of something else than a router, its middlewares included.
        var entry: any HTTPService { chain.isEmpty ? service : ChainedService(chain: chain, service: service) }
    }

    let result: Result<Built, CompilationFailure>
    let dependencies: Set<ObjectKey>
    /// Levels of services, itself included.
    let depth: Int

    var isBuilt: Bool {
        if case .success = result { return true }
        return false
    }

    init(result: Result<Built, CompilationFailure>, dependencies: Set<ObjectKey>, depth: Int) {
        self.result = result
        self.dependencies = dependencies
        self.depth = depth
    }
}

/// What one router of the configuration became: a copy for each entry point with settings of its own, and one for the others.
final class RouterNode: Sendable {
    struct Copy: Sendable {
        /// `name@provider` or `ENTRYPOINT-name@provider`.
        var name: String
        var runtime: Boxed<RuntimeConfiguration.Router>
        /// Nil when the router is disabled for another reason than its middlewares, and for children, which their parents hold.
        var entry: RouteEntry<Route>?
        /// Services and middlewares that the API shows as used by this copy.
        var uses: [ObjectKey] = []
        /// What to do about the router's errors, by their text.
        var remedies: [String: Remedy] = [:]
        /// Set for routers with TLS that work.
        var tls: Boxed<TLSRouter>?
    }

    let copies: [Copy]
    let dependencies: Set<ObjectKey>

    init(copies: [Copy], dependencies: Set<ObjectKey>) {
        self.copies = copies
        self.dependencies = dependencies
    }
}
