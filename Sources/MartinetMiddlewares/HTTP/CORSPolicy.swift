import MartinetConfig
import MartinetCore
import MartinetHTTP

/// Which other origins' scripts may ask, and what they may see (the Fetch standard's CORS, with Traefik's rules).
///
/// An asterisk means anything only to requests without credentials (Fetch §3.2.5). With them it is replaced by what the browser asks
/// for, or, as it may not ask for headers to be exposed, by nothing.
struct CORSPolicy: Sendable {
    /// Those in front of an asterisk.
    private let origins: Set<String>
    private let allowsAnyOrigin: Bool
    private let patterns: [RegularExpression]
    private let allowsCredentials: Bool
    /// Part of every answer.
    private let always: [PreparedHeader]
    /// Part of answers to preflights.
    private let preflight: [PreparedHeader]
    private let allowsRequestedMethod: Bool
    private let allowsRequestedHeaders: Bool
    private let addsVary: Bool

    /// Nil when no CORS option is set.
    init?(_ options: HeadersOptions) throws(MiddlewareError) {
        let isSet =
            options.accessControlAllowCredentials || !options.accessControlAllowHeaders.isEmpty
            || !options.accessControlAllowMethods.isEmpty || !options.accessControlAllowOriginList.isEmpty
            || !options.accessControlAllowOriginListRegex.isEmpty || !options.accessControlExposeHeaders.isEmpty
            || options.accessControlMaxAge != nil || options.addVaryHeader
        guard isSet else { return nil }
        let listed = options.accessControlAllowOriginList
        origins = Set(listed.prefix { $0 != "*" })
        allowsAnyOrigin = listed.contains("*")
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
        let credentials = options.accessControlAllowCredentials
        func isAsterisk(_ list: [String]) -> Bool { credentials && list.contains("*") }
        func header(_ name: String, _ list: [String]) -> [PreparedHeader] {
            list.isEmpty || isAsterisk(list) ? [] : [PreparedHeader(name: name, value: list.joined(separator: ","))]
        }
        allowsCredentials = credentials
        always =
            (credentials ? [PreparedHeader(name: "Access-Control-Allow-Credentials", value: "true")] : [])
            + header("Access-Control-Expose-Headers", options.accessControlExposeHeaders)
        preflight =
            header("Access-Control-Allow-Headers", options.accessControlAllowHeaders)
            + header("Access-Control-Allow-Methods", options.accessControlAllowMethods)
            + header("Access-Control-Max-Age", options.accessControlMaxAge.map { [String($0)] } ?? [])
        allowsRequestedMethod = isAsterisk(options.accessControlAllowMethods)
        allowsRequestedHeaders = isAsterisk(options.accessControlAllowHeaders)
        addsVary = options.addVaryHeader
    }

    func isPreflight(_ exchange: Exchange) -> Bool {
        guard exchange.request.method == .options, let origin = exchange.request.headers.first(.origin),
            let method = exchange.request.headers.first(.accessControlRequestMethod)
        else { return false }
        return !origin.isEmpty && !method.isEmpty
    }

    /// Answered here even if the origin is not allowed: then the browser is not told that it is.
    func answerPreflight(_ exchange: Exchange) {
        exchange.setLocalResponse(200)
        addOrigin(exchange)
        for header in always { header.apply(to: &exchange.response.headers, isRequest: false) }
        for header in preflight { header.apply(to: &exchange.response.headers, isRequest: false) }
        if allowsRequestedMethod, let method = exchange.request.headers.string(.accessControlRequestMethod) {
            exchange.response.headers.add(name: "Access-Control-Allow-Methods", value: method)
        }
        if allowsRequestedHeaders, let names = exchange.request.headers.string(.accessControlRequestHeaders),
            !names.isEmpty
        {
            exchange.response.headers.add(name: "Access-Control-Allow-Headers", value: names)
        }
    }

    func apply(to exchange: Exchange) {
        addOrigin(exchange)
        for header in always { header.apply(to: &exchange.response.headers, isRequest: false) }
        if addsVary { Self.addVary(to: &exchange.response.headers) }
    }

    /// One line for all that the answer varies by, as Traefik writes it; but nothing of what the server said is lost.
    private static func addVary(to headers: inout HeaderBlock) {
        guard headers.contains(.vary) else { return headers.add(.vary, "Origin" as StaticString) }
        var value: [UInt8] = []
        for entry in headers.entries where entry.id == .vary {
            if headers.withBytes(entry.value, { ASCII.list($0, contains: "Origin") }) { return }
            headers.withBytes(entry.value) { value.append(contentsOf: $0) }
            value.append(UInt8(ascii: ","))
        }
        value.append(contentsOf: "Origin".utf8)
        let joined = value.withUnsafeBytes { headers.store($0) }
        headers.set(.vary, joined)
    }

    private func addOrigin(_ exchange: Exchange) {
        guard let allowed = allowedOrigin(exchange) else { return }
        exchange.response.headers.set(.accessControlAllowOrigin, allowed)
    }

    private func allowedOrigin(_ exchange: Exchange) -> String? {
        let origin = exchange.request.headers.string(.origin) ?? ""
        if origins.contains(origin) { return origin }
        if allowsAnyOrigin { return allowsCredentials ? origin : "*" }
        return patterns.contains { $0.matches(origin) } ? origin : nil
    }
}
