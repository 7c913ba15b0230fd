/// A middleware: exactly one kind with its options.
package struct MiddlewareOptions: OptionGroup {
    package var addPrefix: AddPrefixOptions?
    package var stripPrefix: StripPrefixOptions?
    package var stripPrefixRegex: StripPrefixRegexOptions?
    package var replacePath: ReplacePathOptions?
    package var replacePathRegex: ReplacePathRegexOptions?
    package var chain: ChainOptions?
    package var ipWhiteList: IPWhiteListOptions?
    package var ipAllowList: IPAllowListOptions?
    package var headers: HeadersOptions?
    package var encodedCharacters: EncodedCharactersOptions?
    package var errors: ErrorsOptions?
    package var rateLimit: RateLimitOptions?
    package var redirectRegex: RedirectRegexOptions?
    package var redirectScheme: RedirectSchemeOptions?
    package var basicAuth: BasicAuthOptions?
    package var digestAuth: DigestAuthOptions?
    package var forwardAuth: ForwardAuthOptions?
    package var inFlightReq: InFlightReqOptions?
    package var buffering: BufferingOptions?
    package var circuitBreaker: CircuitBreakerOptions?
    package var compress: CompressOptions?
    package var passTLSClientCert: PassTLSClientCertOptions?
    package var retry: RetryOptions?
    package var contentType: ContentTypeOptions?
    package var grpcWeb: GRPCWebOptions?
    /// Options of a plugin, by its name.
    package var plugin: [String: FreeformOptions] = [:]

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("addPrefix", \.addPrefix, "Puts a prefix before the path."),
        .init("stripPrefix", \.stripPrefix, "Takes a prefix off the path."),
        .init("stripPrefixRegex", \.stripPrefixRegex, "Takes what a regular expression matches off the path."),
        .init("replacePath", \.replacePath, "Replaces the path."),
        .init("replacePathRegex", \.replacePathRegex, "Replaces the path by a regular expression."),
        .init("chain", \.chain, "Several middlewares under one name."),
        .init("ipWhiteList", \.ipWhiteList, "The former name of ipAllowList.", deprecated: "use ipAllowList"),
        .init("ipAllowList", \.ipAllowList, "Admits these addresses only."),
        .init("headers", \.headers, "Sets and removes headers; CORS; security headers."),
        .init(
            "encodedCharacters", \.encodedCharacters,
            "Refuses paths with these characters percent-encoded; all by default."),
        .init("errors", \.errors, "Replaces error answers by pages of a service."),
        .init("rateLimit", \.rateLimit, "Bounds the rate of requests."),
        .init("redirectRegex", \.redirectRegex, "Redirects by a regular expression on the whole URL."),
        .init("redirectScheme", \.redirectScheme, "Redirects to another scheme or port."),
        .init("basicAuth", \.basicAuth, "Asks for user and password (RFC 7617)."),
        .init("digestAuth", \.digestAuth, "Asks for user and password (RFC 7616)."),
        .init("forwardAuth", \.forwardAuth, "Asks an auth server whether a request may pass."),
        .init("inFlightReq", \.inFlightReq, "Bounds requests under way."),
        .init("buffering", \.buffering, "Reads whole bodies before passing them on."),
        .init("circuitBreaker", \.circuitBreaker, "Stops asking a failing service for a while."),
        .init("compress", \.compress, "Compresses answers."),
        .init("passTLSClientCert", \.passTLSClientCert, "Tells servers about the client's certificate."),
        .init("retry", \.retry, "Sends failed requests again."),
        .init("contentType", \.contentType, "Lets answers without Content-Type be given one."),
        .init("grpcWeb", \.grpcWeb, "Translates gRPC-Web to gRPC."),
        .init("plugin", \.plugin, "A plugin's options, by the plugin's name."),
    ]

    /// The kinds that are given: one, in a good configuration.
    package var kinds: [String] {
        var kinds: [String] = []
        if addPrefix != nil { kinds.append("addPrefix") }
        if stripPrefix != nil { kinds.append("stripPrefix") }
        if stripPrefixRegex != nil { kinds.append("stripPrefixRegex") }
        if replacePath != nil { kinds.append("replacePath") }
        if replacePathRegex != nil { kinds.append("replacePathRegex") }
        if chain != nil { kinds.append("chain") }
        if ipWhiteList != nil { kinds.append("ipWhiteList") }
        if ipAllowList != nil { kinds.append("ipAllowList") }
        if headers != nil { kinds.append("headers") }
        if encodedCharacters != nil { kinds.append("encodedCharacters") }
        if errors != nil { kinds.append("errors") }
        if rateLimit != nil { kinds.append("rateLimit") }
        if redirectRegex != nil { kinds.append("redirectRegex") }
        if redirectScheme != nil { kinds.append("redirectScheme") }
        if basicAuth != nil { kinds.append("basicAuth") }
        if digestAuth != nil { kinds.append("digestAuth") }
        if forwardAuth != nil { kinds.append("forwardAuth") }
        if inFlightReq != nil { kinds.append("inFlightReq") }
        if buffering != nil { kinds.append("buffering") }
        if circuitBreaker != nil { kinds.append("circuitBreaker") }
        if compress != nil { kinds.append("compress") }
        if passTLSClientCert != nil { kinds.append("passTLSClientCert") }
        if retry != nil { kinds.append("retry") }
        if contentType != nil { kinds.append("contentType") }
        if grpcWeb != nil { kinds.append("grpcWeb") }
        if !plugin.isEmpty { kinds.append("plugin") }
        return kinds
    }
}
