package import MartinetConfig
package import MartinetCore

/// All middlewares this version serves: one line each. `chain` is laid flat by the routing compiler.
package struct MiddlewareCatalog: MiddlewareFactory {
    package init() {}

    package func unavailableReason(_ options: MiddlewareOptions) -> String? {
        let served: Set<String> = [
            "addPrefix", "stripPrefix", "headers", "retry", "basicAuth", "forwardAuth", "compress", "chain",
            "redirectRegex", "redirectScheme", "passTLSClientCert", "stripPrefixRegex", "replacePath",
            "replacePathRegex",
            "grpcWeb", "encodedCharacters", "contentType", "ipAllowList", "ipWhiteList", "inFlightReq", "rateLimit",
            "circuitBreaker", "digestAuth", "errors", "buffering",
        ]
        if options.rateLimit?.redis != nil { return "rateLimit.redis is not available in this version" }
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
        if let options = options.stripPrefixRegex { return try StripPrefixRegex(options) }
        if let options = options.replacePath { return ReplacePath(options) }
        if let options = options.replacePathRegex { return try ReplacePathRegex(options) }
        if let options = options.encodedCharacters { return EncodedCharacters(options) }
        if let options = options.contentType { return ContentType(options) }
        if let options = options.ipAllowList { return try IPAllowList(options) }
        if let options = options.ipWhiteList { return try IPAllowList(options) }
        if let options = options.inFlightReq { return try InFlightReq(options) }
        if let options = options.rateLimit { return try RateLimit(options) }
        if let options = options.circuitBreaker { return try CircuitBreaker(options) }
        if let options = options.digestAuth { return try DigestAuth(options) }
        if let options = options.errors { return try ErrorPages(options, service: context.service) }
        if let options = options.buffering { return try Buffering(options) }
        throw MiddlewareError("no kind of middleware is given")
    }
}
