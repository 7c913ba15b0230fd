package import MartinetConfig
package import MartinetCore

/// All middlewares this version serves: one line each. `chain` is laid flat by the routing compiler.
package struct MiddlewareCatalog: MiddlewareFactory {
    package init() {}

    package func unavailableReason(_ options: MiddlewareOptions) -> String? {
        let served: Set<String> = [
            "chain",
        ]
        guard let kind = options.kinds.first(where: { !served.contains($0) }) else { return nil }
        return "the middleware \(kind) is not available in this version"
    }

    package func make(_ options: MiddlewareOptions, context: MiddlewareContext) throws -> any HTTPMiddleware {
        throw MiddlewareError("no kind of middleware is given")
    }
}
