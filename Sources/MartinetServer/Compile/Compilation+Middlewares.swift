import MartinetConfig
import MartinetCore

/// Building middlewares, and laying chains out flat.
extension Compilation {
    /// Longest chain, laid out flat: chains of chains can grow beyond all measure from a few lines of configuration.
    static let longestChain = 1000

    func buildMiddlewares() {
        for name in dirtyMiddlewares.sorted() {
            var path: [String] = []
            let node = middleware(name, path: &path)
            var errors: [String] = []
            var remedies: [String: Remedy] = [:]
            if let failure = node.failure {
                errors = [failure.reason]
                remedies[failure.reason] = failure.remedy
            }
            runtime.middlewares[name]?.errors = errors
            runtime.middlewares[name]?.status = errors.isEmpty ? .enabled : node.isBuilt ? .warning : .disabled
            setProblems(errors, of: .middleware(name), remedies: remedies)
        }
    }

    /// The middleware of that name, built when it is not yet.
    ///
    /// - Parameter path: the chains that led here, outermost first. Failures are kept, and used again, only for what
    ///   is built for its own sake: which recursion is reported depends on where the search began.
    func middleware(_ name: String, path: inout [String]) -> MiddlewareNode {
        let key = ObjectKey.middleware(name)
        let isRoot = isAtRoot
        if let node = state.middlewareNodes[name], isRoot || node.isBuilt {
            if admits(depth: node.depth) { return node }
            return MiddlewareNode(result: .failure(Self.tooDeep(key)), dependencies: node.dependencies, depth: 1)
        }
        var dependencies: Set<ObjectKey> = [key]
        var files = WatchedFiles()
        let (result, depth) = nested(key) { buildMiddleware(name, path: &path, &dependencies, &files) }
        var node = MiddlewareNode(result: result, dependencies: dependencies, depth: depth, files: files)
        if case .failure(let failure) = result, let spare = spares[name] { node = spare.kept(despite: failure, files) }
        if !node.isBuilt, !isRoot { return node }
        state.middlewareNodes[name] = node
        return node
    }

    private func buildMiddleware(
        _ name: String, path: inout [String], _ dependencies: inout Set<ObjectKey>, _ files: inout WatchedFiles
    ) -> Result<[any HTTPMiddleware], CompilationFailure> {
        if let reason = state.broken[.middleware(name)] {
            return .failure(CompilationFailure("middleware \"\(name)\" could not be read: \(reason)"))
        }
        guard let options = runtime.middlewares[name]?.options else {
            return .failure(CompilationFailure("middleware \"\(name)\" does not exist"))
        }
        let kinds = options.kinds.count
        guard kinds <= 1 else {
            return .failure(
                CompilationFailure(
                    "cannot create middleware: multi-types middleware not supported, consider declaring two different "
                        + "pieces of middleware instead"
                )
            )
        }
        if let chain = options.chain { return flatten(chain.middlewares, of: name, path: &path, &dependencies) }
        guard kinds == 1 else {
            return .failure(
                CompilationFailure(
                    "invalid middleware \"\(name)\" configuration: invalid middleware type or middleware does not exist",
                    remedy: .define(.middleware(name)))
            )
        }
        if let reason = compiler.middlewares.unavailableReason(options.value) {
            var failure = CompilationFailure("middleware \"\(name)\": \(reason)")
            failure.isUnavailable = true
            return .failure(failure)
        }
        return make(options.value, name: name, &dependencies, &files)
    }

    private func flatten(
        _ members: [String], of name: String, path: inout [String], _ dependencies: inout Set<ObjectKey>
    ) -> Result<[any HTTPMiddleware], CompilationFailure> {
        path.append(name)
        defer { path.removeLast() }
        var flat: [any HTTPMiddleware] = []
        for member in members {
            if let start = path.firstIndex(of: member) {
                let circle = (path[start...] + [member]).map { "middleware:\($0)" }.joined(separator: "->")
                return .failure(
                    CompilationFailure("could not instantiate middleware \(member): recursion detected in \(circle)")
                )
            }
            let node = middleware(member, path: &path)
            dependencies.formUnion(node.dependencies)
            switch node.result {
            case .failure(let failure): return .failure(failure)
            case .success(let built): flat += built
            }
            guard flat.count <= Self.longestChain else {
                return .failure(CompilationFailure("chain \(name) has more than \(Self.longestChain) middlewares"))
            }
        }
        return .success(flat)
    }

    private func make(
        _ options: MiddlewareOptions, name: String, _ dependencies: inout Set<ObjectKey>, _ files: inout WatchedFiles
    ) -> Result<[any HTTPMiddleware], CompilationFailure> {
        var asked: Set<ObjectKey> = []
        var read = WatchedFiles()
        defer {
            dependencies.formUnion(asked)
            files.formUnion(read)
        }
        let context = MiddlewareContext(
            name: name,
            service: { reference in
                let qualified = QualifiedName.make(reference, provider: QualifiedName.provider(of: name))
                var path: [String] = []
                let node = self.service(qualified, path: &path)
                asked.formUnion(node.dependencies)
                return try node.result.get().entry
            },
            server: { url, tls in
                // Not the default transport's TLS: one that skips verification is meant for servers of services.
                var transport = self.state.settings.defaultTransport
                transport.name = "middleware \(name)"
                return try self.server(
                    url: url, passHostHeader: false, preservePath: true, transport: transport,
                    tls: UpstreamTLSOptions(tls ?? ClientTLSOptions())
                )
            },
            tls: { try self.security(of: "middleware \(name)", UpstreamTLSOptions($0), protocols: []) },
            file: { path in
                var bytes: [UInt8]?
                if case .bytes(let content) = FileOrContent.contents(of: path) { bytes = content }
                read.note(path, bytes)
                return bytes
            }
        )
        do {
            return .success([try compiler.middlewares.make(options, context: context)])
        } catch let failure as CompilationFailure {
            return .failure(failure)
        } catch {
            return .failure(CompilationFailure("\(error)"))
        }
    }
}
