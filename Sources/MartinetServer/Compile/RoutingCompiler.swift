package import MartinetCore

/// Makes routing tables out of what the providers say. Pure: the same arguments give the same routing, whatever `previous` is;
/// `previous` only saves work, and keeps the counters of unchanged balancers and limiters going.
///
/// What a compilation costs follows what changed: the configurations are compared object by object, then only the objects that
/// changed, and those that depend on them, are built.
package struct RoutingCompiler: Sendable {
    let middlewares: any MiddlewareFactory
    /// Services of the provider `internal`, by qualified name: `api@internal`, `ping@internal`.
    let internalServices: [String: any HTTPService]

    package init(middlewares: any MiddlewareFactory, internalServices: [String: any HTTPService] = [:]) {
        self.middlewares = middlewares
        var services = internalServices
        services[InternalServices.noop.name] = services[InternalServices.noop.name] ?? InternalServices.noop
        self.internalServices = services
    }

    /// - Parameters:
    ///   - inputs: the last word of each provider, each provider once.
    ///   - tls: what the TLS sections of the same inputs amount to; nil disables routers with TLS.
    ///   - changedFiles: those of the previous routing's ``CompiledRouting/watchedFiles`` that did change.
    ///   - previous: the routing in force, made by this compiler.
    package func compile(
        inputs: [ProviderConfiguration], settings: CompilerSettings, tls: TLSMaterial? = nil,
        changedFiles: Set<String> = [], previous: CompiledRouting? = nil
    ) -> CompiledRouting {
        let compilation = Compilation(compiler: self, settings: settings, previous: previous)
        compilation.take(inputs)
        compilation.take(tls)
        compilation.renew(changedFiles)
        compilation.dropDependents()
        compilation.buildMiddlewares()
        compilation.buildServices()
        compilation.buildRouters()
        compilation.fillTables()
        compilation.fillTLS()
        compilation.noteUses()
        return compilation.finish()
    }
}
