package import MartinetConfig
package import MartinetCore

/// All middlewares this version serves: one line each. `chain` is laid flat by the routing compiler.
package struct MiddlewareCatalog: MiddlewareFactory {
    package init() {}

    package func unavailableReason(_ options: MiddlewareOptions) -> String? {
        let served: Set<String> = [
            "addPrefix", "stripPrefix", "headers", "retry", "basicAuth", "forwardAuth", "compress", "chain",
            "redirectRegex", "redirectScheme", "passTLSClientCert", "grpcWeb",
        ]
        guard let kind = options.kinds.first(where: { !served.contains($0) }) else { return nil }
        return "the middleware \(kind) is not available in this version"
    }

    package func make(_ options: MiddlewareOptions, context: MiddlewareContext) throws -> any HTTPMiddleware {
        if let options = options.addPrefix { return try AddPrefix(options) }
        if let options = options.stripPrefix { return try StripPrefix(options) }
        if let options = options.headers { return try Headers(options) }
        if let options = options.retry { return try Retry(options) }
        if let options = options.basicAuth { return try BasicAuth(options) }
        if let options = options.forwardAuth { return try ForwardAuth(options, server: context.server) }
        if let options = options.compress { return try Compress(options) }
        if let options = options.redirectRegex { return try Redirect(options) }
        if let options = options.redirectScheme { return try Redirect(options) }
        if let options = options.passTLSClientCert { return PassTLSClientCert(options) }
        if let options = options.grpcWeb { return GRPCWeb(options) }
        throw MiddlewareError("no kind of middleware is given")
    }
}
