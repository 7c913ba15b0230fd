import MartinetConfig
import MartinetCore

/// Routers with TLS: which options their hosts get, and what that does to the routers.
extension Compilation {
    func take(_ tls: TLSMaterial?) {
        guard state.tls !== tls else { return }
        state.tls = tls
        tlsChanged = true
    }

    /// Has everything be built again that is made of one of these files.
    func renew(_ files: Set<String>) {
        guard !files.isEmpty else { return }
        for (name, node) in state.middlewareNodes where node.files.containsAny(of: files) { renew(name) }
        if state.upstreamFiles.containsAny(of: files) { renewSecurity() }
    }

    /// Has services and middlewares be built again whose connections are secured by files.
    private func renewSecurity() {
        state.upstreamFiles = WatchedFiles()
        for name in state.transports.keys where changed.insert(.serversTransport(name)).inserted {
            renewedTransports.insert(name)
        }
        for (name, middleware) in runtime.middlewares
        where middleware.options.forwardAuth?.tls != nil || middleware.options.rateLimit?.redis?.tls != nil {
            renew(name)
        }
    }

    /// Has a middleware be built again that is otherwise as it was. A file is often missing or half-written for a moment; a router that
    /// went because its users cannot be read would leave its requests to one that asks nobody for a password.
    private func renew(_ name: String) {
        guard changed.insert(.middleware(name)).inserted, let node = state.middlewareNodes[name], node.isBuilt else {
            return
        }
        spares[name] = node
    }

    /// What a router's TLS section asks for that cannot be had; nil when all of it can.
    func tlsFailure(_ options: RouterTLSOptions) -> CompilationFailure? {
        guard options.certResolver.isEmpty else { return .unavailable("tls.certResolver \"\(options.certResolver)\"") }
        return state.tls == nil ? .unavailable("tls on routers") : nil
    }

    /// A router with TLS, as the choice of options sees it.
    func tlsRouter(_ copy: RouterNode.Copy, _ source: RouterSource, hosts: [String]) -> TLSRouter? {
        guard let options = copy.runtime.options.tls else { return nil }
        return TLSRouter(
            name: copy.name, rule: source.options.rule, hosts: hosts,
            options: TLSRouter.qualified(options.options, provider: source.provider))
    }

    /// Builds the TLS tables of entry points whose routers with TLS changed, all of them when certificates or options did.
    func fillTLS() {
        guard let tls = state.tls?.compiled else { return }
        for entryPoint in state.settings.entryPoints where !entryPoint.isUDP {
            let name = entryPoint.name
            guard var entries = state.tables[name],
                tlsChanged || secureChanged.contains(name) || entries.tls == nil
            else { continue }
            let routers = entries.tlsRouters.values.sorted { $0.name < $1.name }
            let (table, problems) = TLSTable.build(
                routers, tls: tls, isStrict: state.settings.strictTLSOptions,
                allowsACMEByPass: entryPoint.allowsACMEByPass)
            entries.tls = table
            renewViews(of: Set(entries.tlsProblems.keys).union(problems.keys), problems, on: name)
            entries.tlsProblems = problems
            let disabled = Set(problems.filter { $0.value.contains(where: \.disables) }.keys)
            let working = disabled.isEmpty ? entries.secure : entries.secure.filter { !disabled.contains($0.name) }
            entries.table = EntryPointTable(plain: entries.table.plain, secure: RoutingTable(working))
            state.tables[name] = entries
        }
    }

    /// What the API shows of routers that have, or had, problems with their TLS options.
    private func renewViews(
        of names: Set<String>, _ problems: [String: [TLSRouterProblem]], on entryPoint: String
    ) {
        guard !names.isEmpty else { return }
        for name in names { runtime.routers[TLSRouter.conflictName(of: name, on: entryPoint)] = nil }
        for copy in state.routerNodes.values.lazy.flatMap(\.copies) where names.contains(copy.name) {
            var view = copy.runtime
            for problem in problems[copy.name] ?? [] {
                view.value.errors.append(problem.reason)
                if problem.disables {
                    view.value.status = .disabled
                } else if view.value.status == .enabled {
                    view.value.status = .warning
                }
            }
            guard problems[copy.name]?.contains(where: \.isConflict) == true else {
                runtime.routers[copy.name] = view
                continue
            }
            // As in Traefik, the router stands under another name where it is in conflict, and under its own elsewhere.
            view.value.options.entryPoints = [entryPoint]
            view.value.using = [entryPoint]
            runtime.routers[TLSRouter.conflictName(of: copy.name, on: entryPoint)] = view
            var rest = copy.runtime
            rest.value.options.entryPoints.removeAll { $0 == entryPoint }
            rest.value.using.removeAll { $0 == entryPoint }
            runtime.routers[copy.name] = rest.value.using.isEmpty ? nil : rest
        }
    }

    /// Problems with TLS options, in the order of the routers' names.
    func tlsDiagnostics() -> [Diagnostic] {
        var found = (state.tls?.compiled.diagnostics ?? []).map(placed)
        for entries in state.tables.sorted(by: { $0.key < $1.key }).map(\.value) {
            for (name, problems) in entries.tlsProblems.sorted(by: { $0.key < $1.key }) {
                found += problems.map {
                    Diagnostic(
                        $0.disables ? .error : .warning, path: "http.routers.\(name)",
                        position: position(of: .router(name)),
                        reason: $0.reason, remedy: $0.remedy)
                }
            }
        }
        return found
    }
}
