package import Logging
package import MartinetConfig
package import MartinetCore
package import NIOCore

/// All middlewares this version serves: one line each. `chain` is laid flat by the routing compiler.
package struct MiddlewareCatalog: MiddlewareFactory {
    private let redis: RedisAccess

    /// - Parameters:
    ///   - loops: the event loops that serve requests, for connections to Redis; none when no request is served.
    ///   - logger: is told when Redis goes away and comes back.
    package init(loops: [any EventLoop] = [], logger: Logger = Logger(label: "martinet")) {
        redis = RedisAccess(loops: loops, logger: logger)
    }

    package func unavailableReason(_ options: MiddlewareOptions) -> String? {
        let served: Set<String> = [
            "addPrefix", "stripPrefix", "headers", "retry", "basicAuth", "forwardAuth", "compress", "chain",
            "redirectRegex", "redirectScheme", "passTLSClientCert", "stripPrefixRegex", "replacePath",
            "replacePathRegex",
            "grpcWeb", "encodedCharacters", "contentType", "ipAllowList", "ipWhiteList", "inFlightReq", "rateLimit",
            "circuitBreaker", "digestAuth", "errors", "buffering",
        ]
        guard let kind = options.kinds.first(where: { !served.contains($0) }) else { return nil }
        return "the middleware \(kind) is not available in this version"
    }

    package func make(_ options: MiddlewareOptions, context: MiddlewareContext) throws -> any HTTPMiddleware {
        if let options = options.addPrefix { return try AddPrefix(options) }
        if let options = options.stripPrefix { return try StripPrefix(options) }
        if let options = options.headers { return try Headers(options) }
        if let options = options.retry { return try Retry(options) }
        if let options = options.basicAuth { return try BasicAuth(options, file: context.file) }
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
        if let options = options.rateLimit { return try RateLimit(options, context, redis) }
        if let options = options.circuitBreaker { return try CircuitBreaker(options) }
        if let options = options.digestAuth { return try DigestAuth(options, file: context.file) }
        if let options = options.errors { return try ErrorPages(options, service: context.service) }
        if let options = options.buffering { return try Buffering(options) }
        throw MiddlewareError("no kind of middleware is given")
    }
}
