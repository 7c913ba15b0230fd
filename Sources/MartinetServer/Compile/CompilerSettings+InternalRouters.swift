import MartinetConfig

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

    private static func make(_ name: String, rule: String, priority: Int64, entryPoint: String) -> Self {
        var options = HTTPRouterOptions()
        options.entryPoints = [entryPoint]
        options.service = "\(name)@internal"
        options.rule = rule
        options.ruleSyntax = "default"
        options.setPriority(priority)
        return Self(name: name, options: options)
    }
}
