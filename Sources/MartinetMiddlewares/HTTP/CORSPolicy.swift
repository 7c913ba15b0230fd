import MartinetConfig
import MartinetCore
import MartinetHTTP

/// Which other origins' scripts may ask, and what they may see (the Fetch standard's CORS, with Traefik's rules).
struct CORSPolicy: Sendable {
    private let origins: Set<String>
    private let patterns: [RegularExpression]
    private let preflight: [PreparedHeader]
    private let exposed: PreparedHeader?
    private let allowsCredentials: Bool
    private let addsVary: Bool

    /// Nil when no CORS option is set.
    init?(_ options: HeadersOptions) throws(MiddlewareError) {
        let isSet =
            options.accessControlAllowCredentials || !options.accessControlAllowHeaders.isEmpty
            || !options.accessControlAllowMethods.isEmpty || !options.accessControlAllowOriginList.isEmpty
            || !options.accessControlAllowOriginListRegex.isEmpty || !options.accessControlExposeHeaders.isEmpty
            || options.accessControlMaxAge != nil || options.addVaryHeader
        guard isSet else { return nil }
        origins = Set(options.accessControlAllowOriginList)
        var patterns: [RegularExpression] = []
        for text in options.accessControlAllowOriginListRegex {
            do {
                patterns.append(try RegularExpression(text))
            } catch {
                throw MiddlewareError(
                    "accessControlAllowOriginListRegex: \"\(text)\": \(error)", remedy: "correct the expression")
            }
        }
        self.patterns = patterns
        var preflight: [PreparedHeader] = []
        if !options.accessControlAllowHeaders.isEmpty {
            let value = options.accessControlAllowHeaders.joined(separator: ",")
            preflight.append(PreparedHeader(name: "Access-Control-Allow-Headers", value: value))
        }
        if !options.accessControlAllowMethods.isEmpty {
            let value = options.accessControlAllowMethods.joined(separator: ",")
            preflight.append(PreparedHeader(name: "Access-Control-Allow-Methods", value: value))
        }
        if let age = options.accessControlMaxAge {
            preflight.append(PreparedHeader(name: "Access-Control-Max-Age", value: String(age)))
        }
        self.preflight = preflight
        exposed =
            options.accessControlExposeHeaders.isEmpty
            ? nil
            : PreparedHeader(
                name: "Access-Control-Expose-Headers", value: options.accessControlExposeHeaders.joined(separator: ","))
        allowsCredentials = options.accessControlAllowCredentials
        addsVary = options.addVaryHeader
    }

    func isPreflight(_ exchange: Exchange) -> Bool {
        exchange.request.method == .options && exchange.request.headers.contains(.origin)
            && exchange.request.headers.contains(.accessControlRequestMethod)
    }

    /// Answered here even if the origin is not allowed: then the browser is not told that it is.
    func answerPreflight(_ exchange: Exchange) {
        exchange.setLocalResponse(200)
        addOrigin(exchange)
        for header in preflight { header.apply(to: &exchange.response.headers, isRequest: false) }
    }

    func apply(to exchange: Exchange) {
        addOrigin(exchange)
        exposed?.apply(to: &exchange.response.headers, isRequest: false)
        guard addsVary else { return }
        for entry in exchange.response.headers.entries where entry.id == .vary {
            if exchange.response.headers.withBytes(entry.value, { ASCII.list($0, contains: "Origin") }) { return }
        }
        exchange.response.headers.add(.vary, "Origin" as StaticString)
    }

    private func addOrigin(_ exchange: Exchange) {
        guard let allowed = allowedOrigin(exchange) else { return }
        exchange.response.headers.set(.accessControlAllowOrigin, allowed)
        if allowsCredentials {
            exchange.response.headers.set(name: "Access-Control-Allow-Credentials", value: "true")
        }
    }

    private func allowedOrigin(_ exchange: Exchange) -> String? {
        let origin = exchange.request.headers.string(.origin) ?? ""
        if origins.contains("*") { return allowsCredentials && !origin.isEmpty ? origin : "*" }
        guard !origin.isEmpty else { return nil }
        if origins.contains(origin) { return origin }
        return patterns.contains { $0.matches(origin) } ? origin : nil
    }
}
