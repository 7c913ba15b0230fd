package import MartinetConfig

/// The routers of the provider `internal`.
extension CompilerSettings.InternalRouter {
    /// Serves the API below `basePath` on one entry point, before all routers of users.
    package static func api(on entryPoint: String, basePath: String = "") -> Self {
        make("api", rule: "PathPrefix(`\(basePath)/api`)", priority: .max - 1, entryPoint: entryPoint)
    }

    /// Serves the health check on one entry point, before everything else.
    package static func ping(on entryPoint: String) -> Self {
        make("ping", rule: "PathPrefix(`/ping`)", priority: .max, entryPoint: entryPoint)
    }

    /// Sends all that comes in on one entry point to another one, or to a port.
    ///
    /// - Parameters:
    ///   - target: what the option `to` says: the name of an entry point, or `:port`; part of the router's name.
    ///   - port: the port it stands for.
    package static func redirection(
        on entryPoint: String, to target: String, port: String, options: EntryPointRedirectionOptions
    ) -> Self {
        let name = normalized("\(entryPoint)-to-\(target)")
        var router = make(
            name, rule: "HostRegexp(`^.+$`)", priority: Int64(options.priority), entryPoint: entryPoint,
            service: "noop@internal")
        var redirect = RedirectSchemeOptions()
        redirect.scheme = options.scheme
        redirect.port = port
        redirect.permanent = options.permanent
        var middleware = MiddlewareOptions()
        middleware.redirectScheme = redirect
        router.middlewares = ["redirect-\(name)": middleware]
        router.options.middlewares = ["redirect-\(name)"]
        return router
    }

    /// What is neither letter nor digit becomes a dash, several of it one.
    private static func normalized(_ name: String) -> String {
        name.split { !$0.isLetter && !$0.isNumber }.joined(separator: "-")
    }

    private static func make(_ name: String, rule: String, priority: Int64, entryPoint: String, service: String? = nil)
        -> Self
    {
        var options = HTTPRouterOptions()
        options.entryPoints = [entryPoint]
        options.service = service ?? "\(name)@internal"
        options.rule = rule
        options.ruleSyntax = "default"
        options.setPriority(priority)
        return Self(name: name, options: options)
    }
}
