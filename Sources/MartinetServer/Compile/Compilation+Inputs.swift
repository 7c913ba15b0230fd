import MartinetConfig
import MartinetCore

/// Comparing what the providers say with what they said before, object by object.
///
/// Objects that did not change share their storage with the previous configuration when the provider kept them, so that
/// comparing them is comparing addresses; names are qualified only for those that did change.
extension Compilation {
    func take(_ inputs: [ProviderConfiguration]) {
        if state.inputs.isEmpty { takeInternalRouters() }
        for input in inputs {
            let old = state.inputs.first { $0.name == input.name }?.routing
            take(input.routing, over: old ?? DecodedRouting(), provider: input.name)
        }
        for old in state.inputs where !inputs.contains(where: { $0.name == old.name }) {
            take(DecodedRouting(), over: old.routing, provider: old.name)
        }
        state.inputs = inputs
    }

    private func takeInternalRouters() {
        for router in state.settings.internalRouters {
            for (name, options) in router.middlewares {
                setMiddleware(Boxed(options), name: name, provider: InternalServices.provider)
            }
            setRouter(Boxed(router.options), name: router.name, provider: InternalServices.provider)
        }
    }

    private func take(_ new: DecodedRouting, over old: DecodedRouting, provider: String) {
        let http = new.configuration.http
        let before = old.configuration.http
        Self.difference(http.routers, before.routers) { setRouter($1, name: $0, provider: provider) }
        Self.difference(http.middlewares, before.middlewares) { setMiddleware($1, name: $0, provider: provider) }
        Self.difference(http.services, before.services) { setService($1, name: $0, provider: provider) }
        Self.difference(http.serversTransports, before.serversTransports) { name, options in
            let qualified = QualifiedName.make(name, provider: provider)
            state.transports[qualified] = options
            changed.insert(.serversTransport(qualified))
        }
        takeBroken(new, over: old, provider: provider)
    }

    /// Calls `change` with the name and the new value of each entry that differs; nil for one that went.
    private static func difference<Options: Equatable>(
        _ new: [String: Options], _ old: [String: Options], _ change: (String, Options?) -> Void
    ) {
        var common = 0
        for (name, options) in new {
            if let previous = old[name] {
                common += 1
                if previous == options { continue }
            }
            change(name, options)
        }
        guard common < old.count else { return }
        for name in old.keys where new[name] == nil { change(name, nil) }
    }

    // MARK: Single objects

    private func setRouter(_ options: Boxed<HTTPRouterOptions>?, name: String, provider: String) {
        let qualified = QualifiedName.make(name, provider: provider)
        dirtyRouters.insert(qualified)
        if let old = state.routers[qualified] {
            for parent in old.options.parentRefs {
                removeChild(qualified, of: QualifiedName.make(parent, provider: provider))
            }
        }
        if options == nil { setProblems([], of: .router(qualified)) }
        state.routers[qualified] = options.map { RouterSource(provider: provider, options: $0) }
        for parent in options?.parentRefs ?? [] {
            state.children[QualifiedName.make(parent, provider: provider), default: []].insert(qualified)
        }
    }

    private func removeChild(_ child: String, of parent: String) {
        dirtyRouters.insert(parent)
        state.children[parent]?.remove(child)
        if state.children[parent]?.isEmpty == true { state.children[parent] = nil }
    }

    private func setMiddleware(_ options: Boxed<MiddlewareOptions>?, name: String, provider: String) {
        let qualified = QualifiedName.make(name, provider: provider)
        changed.insert(.middleware(qualified))
        state.middlewareNodes[qualified] = nil
        guard var options else {
            runtime.middlewares[qualified] = nil
            setProblems([], of: .middleware(qualified))
            return
        }
        if let chain = options.value.chain {
            options.value.chain?.middlewares = chain.middlewares.map { QualifiedName.make($0, provider: provider) }
        }
        dirtyMiddlewares.insert(qualified)
        let usedBy = runtime.middlewares[qualified]?.usedBy ?? []
        var middleware = RuntimeConfiguration.Middleware(options: options)
        middleware.usedBy = usedBy
        runtime.middlewares[qualified] = Boxed(middleware)
    }

    private func setService(_ options: Boxed<HTTPServiceOptions>?, name: String, provider: String) {
        let qualified = QualifiedName.make(name, provider: provider)
        changed.insert(.service(qualified))
        state.serviceNodes[qualified] = nil
        // Only load balancers have servers to keep in mind.
        if options?.loadBalancer == nil {
            state.serverStates[qualified] = nil
            state.healthChecks[qualified] = nil
        }
        guard var options else {
            runtime.services[qualified] = nil
            state.instances.forget(.service(qualified))
            setProblems([], of: .service(qualified))
            return
        }
        if let transport = options.value.loadBalancer?.serversTransport, !transport.isEmpty {
            options.value.loadBalancer?.serversTransport = QualifiedName.make(transport, provider: provider)
        }
        // The API shows the name that the cookie really has.
        if let cookie = options.value.loadBalancer?.sticky?.cookie {
            options.value.loadBalancer?.sticky?.cookie?.name = StickyCookie.name(cookie.name, service: qualified)
        }
        if let cookie = options.value.weighted?.sticky?.cookie {
            options.value.weighted?.sticky?.cookie?.name = StickyCookie.name(cookie.name, service: qualified)
        }
        dirtyServices.insert(qualified)
        let usedBy = runtime.services[qualified]?.usedBy ?? []
        var service = RuntimeConfiguration.Service(options: options)
        service.usedBy = usedBy
        runtime.services[qualified] = Boxed(service)
    }
}
