import MartinetConfig
import MartinetCore

/// Building services.
extension Compilation {
    func buildServices() {
        for name in dirtyServices.sorted() {
            var path: [String] = []
            let node = service(name, path: &path)
            let failures: [CompilationFailure]
            switch node.result {
            case .success(let built): failures = built.faults
            case .failure(let failure): failures = [failure]
            }
            let errors = failures.map(\.reason)
            runtime.services[name]?.errors = errors
            runtime.services[name]?.status = errors.isEmpty ? .enabled : node.isBuilt ? .warning : .disabled
            if errors.isEmpty {
                let check = runtime.services[name]?.options.loadBalancer?.healthCheck
                setProblems(check?.corrections ?? [], of: .service(name), severity: .warning)
            } else {
                let remedies = failures.map { ($0.reason, $0.remedy) }
                setProblems(
                    errors, of: .service(name),
                    remedies: Dictionary(remedies, uniquingKeysWith: { first, _ in first }).compactMapValues(\.self))
            }
            runtime.services[name]?.balancer = (try? node.result.get().service) as? LoadBalancer
        }
    }

    /// The service of that name, built when it is not yet. For `path` see ``middleware(_:path:)``.
    func service(_ name: String, path: inout [String]) -> ServiceNode {
        let key = ObjectKey.service(name)
        let isRoot = isAtRoot
        if let node = state.serviceNodes[name], isRoot || node.isBuilt {
            if admits(depth: node.depth) { return node }
            return ServiceNode(result: .failure(Self.tooDeep(key)), dependencies: node.dependencies, depth: 1)
        }
        var dependencies: Set<ObjectKey> = [key]
        let (result, depth) = nested(key) {
            Result { () throws(CompilationFailure) in try buildService(name, path: &path, &dependencies) }
        }
        let node = ServiceNode(result: result, dependencies: dependencies, depth: depth)
        if case .failure = result, !isRoot { return node }
        state.serviceNodes[name] = node
        return node
    }

    private func buildService(
        _ name: String, path: inout [String], _ dependencies: inout Set<ObjectKey>
    ) throws(CompilationFailure) -> ServiceNode.Built {
        if let service = compiler.internalServices[name] { return .init(service: service, chain: []) }
        if let reason = state.broken[.service(name)] {
            throw CompilationFailure("the service \"\(name)\" could not be read: \(reason)")
        }
        guard let options = runtime.services[name]?.options else {
            throw CompilationFailure(
                "the service \"\(name)\" does not exist", remedy: .define(.service(name)))
        }
        guard options.kinds.count <= 1 else {
            throw CompilationFailure(
                "cannot create service: multi-types service not supported, consider declaring two different pieces of "
                    + "service instead"
            )
        }
        var building = ServiceBuilding(name: name, path: path, dependencies: dependencies)
        defer { dependencies = building.dependencies }
        var innermost: [any HTTPMiddleware] = []
        let service: any HTTPService
        if let balancer = options.loadBalancer {
            service = try build(balancer, &building)
        } else if let weighted = options.weighted {
            service = try build(weighted, &building)
        } else if let highest = options.highestRandomWeight {
            service = try build(highest, &building)
        } else if let mirroring = options.mirroring {
            service = try build(mirroring, &building)
        } else if let failover = options.failover {
            let built = try build(failover, &building)
            innermost = built.middlewares
            service = built
        } else {
            throw CompilationFailure("the service \"\(name)\" does not have any type defined")
        }
        let chain = try chain(of: options.value, name: name, &building.dependencies)
        return .init(service: service, chain: chain + innermost, faults: building.faults)
    }

    private func chain(
        of options: HTTPServiceOptions, name: String, _ dependencies: inout Set<ObjectKey>
    ) throws(CompilationFailure) -> [any HTTPMiddleware] {
        var chain: [any HTTPMiddleware] = []
        let provider = QualifiedName.provider(of: name)
        for reference in options.middlewares {
            var path: [String] = []
            let node = middleware(QualifiedName.make(reference, provider: provider), path: &path)
            dependencies.formUnion(node.dependencies)
            chain += try node.result.get()
        }
        return state.instances.personalize(chain, of: .service(name))
    }

    // MARK: Load balancer

    private func build(
        _ options: LoadBalancerOptions, _ building: inout ServiceBuilding
    ) throws(CompilationFailure) -> LoadBalancer {
        var options = options
        try leaveOutUnusable(&options.servers, &building)
        let name = building.name
        let strategy = try strategy(options.strategy)
        let transport = try transport(options, &building.dependencies)
        let states = serverStates(options, of: name)
        var members: [LoadBalancer.Member] = []
        for server in options.servers {
            members.append(
                .init(
                    server: try self.server(
                        url: server.url, passHostHeader: options.passHostHeader, preservePath: server.preservePath,
                        transport: transport
                    ),
                    weight: max(0, server.weight ?? 1), isFenced: server.fenced,
                    state: states[server.url] ?? .untouched
                )
            )
        }
        try planHealthChecks(options, of: name, states: states, transport: transport)
        // Traefik's highest random weight knows no cookies: it keeps clients in place by itself.
        let cookie = options.strategy == "hrw" ? nil : options.sticky?.cookie
        let sticky = cookie.map { cookie in
            StickyCookie(cookie, service: name, names: members.map { $0.weight > 0 ? $0.server.url : nil })
        }
        return LoadBalancer(
            name: name, members: members, sticky: sticky, reportsStatus: options.healthCheck != nil, strategy: strategy)
    }

    /// Takes out the servers that no request can ever reach, and notes a fault for each that would have had its share of them: an
    /// address left empty by an unset variable is no reason to serve nobody.
    private func leaveOutUnusable(
        _ servers: inout [ServerOptions], _ building: inout ServiceBuilding
    ) throws(CompilationFailure) {
        var usable: [ServerOptions] = []
        usable.reserveCapacity(servers.count)
        for server in servers {
            do throws(CompilationFailure) {
                _ = try ServerAddress(server.url)
                usable.append(server)
            } catch {
                guard server.weight ?? 1 > 0 else { continue }
                guard error.sparesOtherServers else { throw error }
                if !building.faults.contains(error) { building.faults.append(error) }
            }
        }
        servers = usable
    }

    /// What makes the strategy of that name.
    private func strategy(_ name: String) throws(CompilationFailure) -> ([Candidate]) -> any BalancingStrategy {
        switch name {
        case "", "wrr": { RoundRobinStrategy(candidates: $0) }
        // Several proxies in front of the same servers must not draw the same lots.
        case "p2c": { TwoChoicesStrategy(candidates: $0, seed: .random(in: 0 ... .max)) }
        case "hrw": { RendezvousStrategy(candidates: $0) }
        case "leasttime": { LeastTimeStrategy(candidates: $0) }
        default:
            throw CompilationFailure(
                "unsupported load-balancer strategy \"\(name)\"", remedy: .text("use wrr, p2c, hrw or leasttime"))
        }
    }

    /// The servers transport a service names, or the default one.
    private func transport(
        _ options: LoadBalancerOptions, _ dependencies: inout Set<ObjectKey>
    ) throws(CompilationFailure) -> UpstreamTransport {
        let standard = state.settings.defaultTransport
        let name = options.serversTransport
        guard !name.isEmpty, name != standard.name else { return standard }
        dependencies.insert(.serversTransport(name))
        let place = "error building proxy for server URL \(options.servers.first?.url ?? ""): getting RoundTripper: "
        if let reason = state.broken[.serversTransport(name)] {
            throw CompilationFailure("\(place)servers transport \(name) could not be read: \(reason)")
        }
        guard let found = state.transports[name] else {
            throw CompilationFailure("\(place)servers transport not found \(name)")
        }
        return found.value.transport(named: name)
    }

    /// A server of a service, or one that a middleware asks. `tls`: instead of the options of the transport.
    func server(
        url: String, passHostHeader: Bool, preservePath: Bool, transport: UpstreamTransport,
        tls: UpstreamTLSOptions? = nil
    ) throws(CompilationFailure) -> UpstreamServer {
        try server(
            url: url, address: ServerAddress(url), passHostHeader: passHostHeader, preservePath: preservePath,
            transport: transport, tls: tls)
    }

    /// `address`: where the server is, whatever the URL says.
    func server(
        url: String, address: ServerAddress, passHostHeader: Bool, preservePath: Bool, transport: UpstreamTransport,
        tls: UpstreamTLSOptions? = nil
    ) throws(CompilationFailure) -> UpstreamServer {
        var transport = transport
        if address.scheme == .https { transport.security = UpstreamSecurity(try security(of: transport.name, tls)) }
        return UpstreamServer(
            url: url, scheme: address.scheme, host: address.host, port: address.port, authority: address.authority,
            pathPrefix: preservePath ? address.path : "", passHostHeader: passHostHeader, transport: transport,
            pool: state.pools.number(
                scheme: address.scheme, host: address.host, port: address.port, transport: transport
            ),
            isOwnEntryPoint: state.settings.ownAddresses.contains(host: address.host, port: address.port)
        )
    }

    /// TLS of a servers transport. A fault in it is a fault of the services that use it: no connection is made with less.
    ///
    /// - Parameter protocols: offered by ALPN, best first.
    func security(
        of name: String, _ own: UpstreamTLSOptions? = nil, protocols: [String] = ["h2", "http/1.1"]
    ) throws(CompilationFailure) -> UpstreamTLSPolicy {
        if let built = builtSecurity[name] { return try built.get() }
        let options = own ?? state.transports[name].map { UpstreamTLSOptions($0.value) } ?? state.settings.defaultTLS
        let result = Result { () throws(CompilationFailure) in
            do throws(TLSFailure) {
                return try UpstreamTLSPolicy.make(
                    options, protocols: protocols, noting: &state.upstreamFiles, previous: state.security[name]
                )
            } catch {
                let place = own == nil ? "servers transport \"\(name)\"" : name
                throw CompilationFailure("\(place): \(error.reason)", remedy: error.remedy.map { .text($0) })
            }
        }
        let kept = own == nil ? keep(state.security[name], of: name, despite: result) : result
        builtSecurity[name] = kept
        if case .success(let policy) = kept { state.security[name] = policy }
        return try kept.get()
    }

    /// A transport that is made again only because files changed keeps what it had when they are no good.
    private func keep(
        _ previous: UpstreamTLSPolicy?, of name: String, despite result: Result<UpstreamTLSPolicy, CompilationFailure>
    ) -> Result<UpstreamTLSPolicy, CompilationFailure> {
        guard renewedTransports.contains(name) else { return result }
        guard case .failure(let failure) = result, let previous else {
            setProblems([], of: .serversTransport(name))
            return result
        }
        let kept = failure.survived
        setProblems([kept.reason], of: .serversTransport(name), remedies: kept.remedy.map { [kept.reason: $0] } ?? [:])
        return .success(previous)
    }
}
