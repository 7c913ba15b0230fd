import MartinetConfig
import MartinetCore

/// Building routers.
extension Compilation {
    func buildRouters() {
        let names = dirtyRouters.sorted()
        for name in names {
            guard let source = state.routers[name], source.options.parentRefs.isEmpty else { continue }
            keep(buildRoot(name, source), as: name)
        }
        // Roots have built the children they reach; what is left over no request can come to.
        for name in names {
            guard let source = state.routers[name], !source.options.parentRefs.isEmpty, state.routerNodes[name] == nil
            else {
                continue
            }
            keep(unreachable(name, source), as: name)
        }
    }

    /// Puts a node in place and notes what is wrong with it, once for all its copies.
    func keep(_ node: RouterNode, as name: String) {
        state.routerNodes[name] = node
        fresh.append(node)
        var errors: [String] = []
        var severity = Diagnostic.Severity.warning
        var remedies: [String: Remedy] = [:]
        for copy in node.copies {
            remedies.merge(copy.remedies) { old, _ in old }
            for error in copy.runtime.errors where !errors.contains(error) { errors.append(error) }
            if copy.runtime.status == .disabled { severity = .error }
        }
        setProblems(errors, of: .router(name), severity: severity, remedies: remedies)
    }

    // MARK: Roots

    private func buildRoot(_ name: String, _ source: RouterSource) -> RouterNode {
        var dependencies: Set<ObjectKey> = []
        let entryPoints = source.options.entryPoints.isEmpty ? defaultEntryPoints : source.options.entryPoints
        var copies: [RouterNode.Copy] = []
        var shared: [String] = []
        for entryPoint in entryPoints {
            if let model = state.settings.entryPoints.first(where: { $0.name == entryPoint }), model.hasModel {
                let copyName = entryPoints.count > 1 ? "\(entryPoint)-\(name)" : name
                copies.append(buildCopy(copyName, of: name, source, on: [entryPoint], model: model, &dependencies))
            } else {
                shared.append(entryPoint)
            }
        }
        if !shared.isEmpty || copies.isEmpty {
            copies.append(buildCopy(name, of: name, source, on: shared, model: nil, &dependencies))
        }
        return RouterNode(copies: copies, dependencies: dependencies)
    }

    /// The names under which a router stands on its entry points.
    func copyNames(of name: String) -> [String] {
        guard let source = state.routers[name], source.options.parentRefs.isEmpty else { return [name] }
        let entryPoints = source.options.entryPoints.isEmpty ? defaultEntryPoints : source.options.entryPoints
        guard entryPoints.count > 1 else { return [name] }
        let models = Set(state.settings.entryPoints.filter(\.hasModel).map(\.name))
        let own = entryPoints.filter { models.contains($0) }.map { "\($0)-\(name)" }
        return own.count < entryPoints.count ? own + [name] : own
    }

    /// One router as it stands on `entryPoints`, with what their model adds.
    private func buildCopy(
        _ copyName: String, of name: String, _ source: RouterSource, on entryPoints: [String],
        model: CompilerSettings.EntryPoint?, _ dependencies: inout Set<ObjectKey>
    ) -> RouterNode.Copy {
        var options = source.options.value
        options.entryPoints = entryPoints
        options.middlewares =
            (model?.middlewares ?? [])
            + source.options.middlewares.map { QualifiedName.make($0, provider: source.provider) }
        options.tls = options.tls ?? model?.tls
        options.fillObservability(from: model ?? CompilerSettings.EntryPoint(name: ""))

        var runtimeRouter = RuntimeConfiguration.Router(options: options)
        var remedies: [String: Remedy] = [:]
        for entryPoint in entryPoints {
            if entryPointNames.contains(entryPoint) {
                runtimeRouter.using.append(entryPoint)
            } else {
                let reason = "entryPoint \"\(entryPoint)\" doesn't exist"
                runtimeRouter.errors.append(reason)
                remedies[reason] = .defineEntryPoint(entryPoint)
            }
        }
        if !runtimeRouter.errors.isEmpty { runtimeRouter.status = .warning }
        var copy = RouterNode.Copy(name: copyName, runtime: Boxed(runtimeRouter), uses: uses(of: options, source))
        copy.remedies = remedies
        dependencies.formUnion(copy.uses)
        // Children are built with the first copy whatever becomes of it: their own state is to be shown.
        let children = childEntries(of: name, &copy)
        guard !runtimeRouter.using.isEmpty else {
            copy.disable("no valid entryPoint for this router")
            return copy
        }
        finish(&copy, source, children: children, &dependencies)
        return copy
    }

    /// Builds the route of a copy out of its effective options; disables it when that cannot be done.
    func finish(
        _ copy: inout RouterNode.Copy, _ source: RouterSource, children: RoutingTable<Route>?,
        _ dependencies: inout Set<ObjectKey>
    ) {
        let priority =
            source.options.priority == 0 ? Int64(source.options.rule.utf8.count) : Int64(source.options.priority)
        copy.runtime.options.setPriority(priority)
        do throws(CompilationFailure) {
            guard source.provider == InternalServices.provider || priority <= CompilerSettings.maximumPriority else {
                throw CompilationFailure(
                    "the router priority \(priority) exceeds the max user-defined priority \(CompilerSettings.maximumPriority)"
                )
            }
            if let tls = copy.runtime.options.tls, let failure = tlsFailure(tls) { throw failure }
            let route = try route(copy, source, children: children, &dependencies)
            let rule = try rule(source.options.value)
            copy.tls = tlsRouter(copy, source, hosts: rule.domains).map { Boxed($0) }
            copy.entry = RouteEntry(
                rule: rule, priority: priority,
                order: state.settings.order(of: source.provider),
                name: copy.name, payload: route
            )
        } catch {
            copy.disable(error)
            noteRule(of: &copy, source)
            if error.isOfMiddleware { close(&copy, source, priority: priority) }
        }
    }

    /// Has a router that is disabled for want of a middleware keep its requests, and answer 404 to them. The middleware may be what asks
    /// for a password: nobody else's router is to serve them without.
    private func close(_ copy: inout RouterNode.Copy, _ source: RouterSource, priority: Int64) {
        guard let rule = try? rule(source.options.value) else { return }
        let options = copy.runtime.options
        let route = Route(
            name: copy.name, chain: [], service: InternalServices.noChild, serviceName: "",
            logsAccess: options.logsAccess, children: nil)
        copy.tls = tlsRouter(copy, source, hosts: rule.domains).map { Boxed($0) }
        copy.entry = RouteEntry(
            rule: rule, priority: priority, order: state.settings.order(of: source.provider), name: copy.name,
            payload: route)
    }

    /// A router whose service is at fault may have a faulty rule, too: whoever repairs it wants to hear of both.
    private func noteRule(of copy: inout RouterNode.Copy, _ source: RouterSource) {
        do throws(CompilationFailure) {
            _ = try rule(source.options.value)
        } catch  where !copy.runtime.errors.contains(error.reason) {
            copy.disable(error)
        } catch {}
    }

    private func isInternal(_ service: String) -> Bool { service.hasSuffix("@" + InternalServices.provider) }

    private func route(
        _ copy: RouterNode.Copy, _ source: RouterSource, children: RoutingTable<Route>?,
        _ dependencies: inout Set<ObjectKey>
    ) throws(CompilationFailure) -> Route {
        let options = copy.runtime.options
        var target = ServiceNode.Built(service: InternalServices.noChild, chain: [])
        var serviceName = "\(copy.name)-muxer"
        if children == nil {
            guard !options.service.isEmpty else {
                throw CompilationFailure("router must have either a service or child routers")
            }
            serviceName = QualifiedName.make(options.service, provider: source.provider)
            var path: [String] = []
            let node = service(serviceName, path: &path)
            dependencies.formUnion(node.dependencies)
            target = try node.result.get()
        }
        var chain: [any HTTPMiddleware] = []
        var failure: CompilationFailure?
        for name in options.middlewares {
            var path: [String] = []
            let node = middleware(name, path: &path)
            dependencies.formUnion(node.dependencies)
            switch node.result {
            case .success(let built): chain += built
            // As in Traefik, of several bad middlewares the innermost is the one reported.
            case .failure(let reason): failure = reason
            }
        }
        if var failure {
            failure.isOfMiddleware = true
            throw failure
        }
        chain = state.instances.personalize(chain, of: .router(copy.name))
        return Route(
            name: copy.name, chain: chain + target.chain, service: target.service, serviceName: serviceName,
            logsAccess: options.logsAccess && (state.settings.logsInternalServices || !isInternal(serviceName)),
            children: children
        )
    }

    /// The rule, read only once for all routers that have it.
    private func rule(_ options: HTTPRouterOptions) throws(CompilationFailure) -> CompiledRule {
        let key = CompilationState.RuleKey(text: options.rule, syntax: RuleSyntax(named: options.ruleSyntax))
        if let rule = state.rules[key] { return rule }
        do {
            let rule = try CompiledRule(key.text, syntax: key.syntax)
            state.rules[key] = rule
            return rule
        } catch {
            throw CompilationFailure("error while parsing rule \(key.text): \(error)")
        }
    }

    /// What the API shows as used by a router: its middlewares and its service, not what these use in turn.
    func uses(of options: HTTPRouterOptions, _ source: RouterSource) -> [ObjectKey] {
        var uses: [ObjectKey] = []
        if !options.service.isEmpty {
            uses.append(.service(QualifiedName.make(options.service, provider: source.provider)))
        }
        for name in options.middlewares where !uses.contains(.middleware(name)) { uses.append(.middleware(name)) }
        return uses
    }
}

extension RouterNode.Copy {
    mutating func disable(_ reason: String) { disable(CompilationFailure(reason)) }

    mutating func disable(_ failure: CompilationFailure) {
        runtime.status = .disabled
        runtime.errors.append(failure.reason)
        remedies[failure.reason] = failure.remedy
        entry = nil
        tls = nil
    }
}
