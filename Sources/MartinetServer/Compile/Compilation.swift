import MartinetConfig
import MartinetCore

/// One run of the compiler. Lives in one call of ``RoutingCompiler/compile(inputs:settings:previous:)``, on one thread.
final class Compilation {
    let compiler: RoutingCompiler
    var state: CompilationState
    var runtime: RuntimeConfiguration
    /// Services, middlewares and servers transports whose options differ from the previous configuration, came, or went.
    var changed: Set<ObjectKey> = []
    /// Routers to build.
    var dirtyRouters: Set<String> = []
    var dirtyMiddlewares: Set<String> = []
    var dirtyServices: Set<String> = []
    /// Nodes of routers that were replaced or went.
    var retired: [RouterNode] = []
    /// Nodes that took their place.
    var fresh: [RouterNode] = []
    /// Children built in this run; nil for those that could not be.
    var builtChildren: [String: RouteEntry<Route>?] = [:]
    /// Levels below a root of the child under construction.
    var childDepth = 0
    /// Middlewares and services under construction, outermost first, and the greatest depth met below each.
    private var stack: [(key: ObjectKey, depth: Int)] = []
    /// Whether certificates or TLS options are others than before.
    var tlsChanged = false
    /// TLS of servers transports that was made, or kept, in this run.
    var builtSecurity: [String: Result<UpstreamTLSPolicy, CompilationFailure>] = [:]
    /// Middlewares that are built again only because files changed, as they were; they stay in force when the new files are no good.
    var spares: [String: MiddlewareNode] = [:]
    /// Servers transports that are made again for the same reason.
    var renewedTransports: Set<String> = []
    /// Entry points whose routers with TLS changed.
    var secureChanged: Set<String> = []
    let defaultEntryPoints: [String]
    let entryPointNames: Set<String>

    init(compiler: RoutingCompiler, settings: CompilerSettings, previous: CompiledRouting?) {
        self.compiler = compiler
        if let previous, previous.state.settings == settings {
            state = previous.state
            runtime = previous.runtime
        } else {
            state = CompilationState()
            state.settings = settings
            // Pool numbers must never come to mean another origin while requests are under way.
            if let previous { state.pools = previous.state.pools }
            runtime = RuntimeConfiguration()
            for name in compiler.internalServices.keys {
                runtime.services[name] = Boxed(RuntimeConfiguration.Service(options: Boxed(HTTPServiceOptions())))
                dirtyServices.insert(name)
            }
        }
        defaultEntryPoints = settings.defaultEntryPoints
        entryPointNames = Set(settings.entryPoints.map(\.name))
    }

    // MARK: What depends on what changed

    /// Forgets whatever was built out of objects that changed.
    func dropDependents() {
        if !changed.isEmpty {
            for (name, node) in state.middlewareNodes where !node.dependencies.isDisjoint(with: changed) {
                state.middlewareNodes[name] = nil
                if runtime.middlewares[name] != nil { dirtyMiddlewares.insert(name) }
            }
            for (name, node) in state.serviceNodes where !node.dependencies.isDisjoint(with: changed) {
                state.serviceNodes[name] = nil
                if runtime.services[name] != nil { dirtyServices.insert(name) }
            }
            for (name, node) in state.routerNodes where !node.dependencies.isDisjoint(with: changed) {
                dirtyRouters.insert(name)
            }
        }
        dirtyFamilies()
        for name in dirtyRouters {
            if let node = state.routerNodes.removeValue(forKey: name) { retired.append(node) }
        }
    }

    /// Routers with children are built together with them: one of them changed, all are built again.
    private func dirtyFamilies() {
        guard !state.children.isEmpty else { return }
        var family: Set<String> = []
        for (parent, children) in state.children {
            family.insert(parent)
            family.formUnion(children)
        }
        guard !family.isDisjoint(with: dirtyRouters) else { return }
        dirtyRouters.formUnion(family)
    }

    // MARK: Nesting

    /// Deepest nesting of chains and services: bounds the stack that a hostile configuration can make us use.
    static let deepestNesting = 64

    /// Whether nothing is under construction: what is built now is built for its own sake.
    var isAtRoot: Bool { stack.isEmpty }

    /// Runs `build` as the construction of `key`; gives the depth of what came of it.
    func nested<Value>(
        _ key: ObjectKey, _ build: () -> Result<Value, CompilationFailure>
    ) -> (result: Result<Value, CompilationFailure>, depth: Int) {
        if stack.contains(where: { $0.key == key }) {
            return (.failure(CompilationFailure("recursion detected in \(key.kind.rawValue) \(key.name)")), 1)
        }
        guard stack.count < Self.deepestNesting else { return (.failure(Self.tooDeep(key)), 1) }
        stack.append((key, 1))
        let result = build()
        let depth = stack.removeLast().depth
        noteDepth(depth)
        return (result, depth)
    }

    /// Takes over something built earlier, `depth` levels deep; false when that is too deep here.
    func admits(depth: Int) -> Bool {
        guard stack.count + depth <= Self.deepestNesting else { return false }
        noteDepth(depth)
        return true
    }

    private func noteDepth(_ depth: Int) {
        guard let last = stack.indices.last else { return }
        stack[last].depth = max(stack[last].depth, depth + 1)
    }

    static func tooDeep(_ key: ObjectKey) -> CompilationFailure {
        CompilationFailure("\(key.kind.rawValue) \(key.name) is nested more than \(deepestNesting) levels deep")
    }

    // MARK: Problems

    /// Replaces what is known to be wrong with an object.
    func setProblems(
        _ errors: [String], of key: ObjectKey, severity: Diagnostic.Severity = .error, remedies: [String: Remedy] = [:]
    ) {
        if errors.isEmpty {
            if !state.problems.isEmpty { state.problems[key] = nil }
            return
        }
        state.problems[key] = errors.map { ObjectProblem(severity: severity, reason: $0, remedy: remedies[$0]) }
    }

    // MARK: Result

    func finish() -> CompiledRouting {
        prune()
        let tables = state.tables.mapValues(\.table)
        return CompiledRouting(
            entryPoints: tables, tls: state.tables.compactMapValues(\.tls), runtime: runtime,
            diagnostics: diagnostics(), state: state
        )
    }

    /// What the installation asks in vain, what the providers said that is no good, then objects by name.
    private func diagnostics() -> [Diagnostic] {
        var all = state.settings.problems.map { Diagnostic(.warning, path: "", reason: $0) }
        for input in state.inputs { all += diagnostics(of: input) }
        all += tlsDiagnostics()
        let keys = state.problems.keys.sorted { ($0.kind.rawValue, $0.name) < ($1.kind.rawValue, $1.name) }
        for key in keys {
            let position = position(of: key)
            all += (state.problems[key] ?? []).map {
                Diagnostic(
                    $0.severity, path: "http.\(key.kind.rawValue)s.\(key.name)", position: position, reason: $0.reason,
                    remedy: $0.remedy.map(text(of:)))
            }
        }
        return all
    }

    /// Rules that no router has any more are kept for a while: a router that goes often comes back.
    private func prune() {
        let present = Set(fresh.flatMap { $0.copies.map(\.name) })
        for node in retired {
            for copy in node.copies where !present.contains(copy.name) { state.instances.forget(.router(copy.name)) }
        }
        guard state.rules.count > 2 * state.routers.count + 64 else { return }
        var used: Set<CompilationState.RuleKey> = []
        for source in state.routers.values {
            used.insert(.init(text: source.options.rule, syntax: RuleSyntax(named: source.options.ruleSyntax)))
        }
        state.rules = state.rules.filter { used.contains($0.key) }
    }
}
