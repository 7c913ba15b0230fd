package import MartinetConfig
package import MartinetCore
import MartinetHTTP

/// Sets and removes headers, answers CORS preflights, adds security headers (Traefik's `headers`).
package final class Headers: HTTPMiddleware {
    package let phases: MiddlewarePhases
    private let request: [PreparedHeader]
    private let response: [PreparedHeader]
    /// A Host to forward, not empty; nil leaves the client's.
    private let host: String?
    private let stopsForwardedFor: Bool
    private let cors: CORSPolicy?
    private let security: SecurityHeaders

    /// Throws when nothing is set, or a regular expression is broken.
    package init(_ options: HeadersOptions) throws(MiddlewareError) {
        guard options != HeadersOptions() else {
            throw MiddlewareError(
                "headers configuration not valid: nothing is set", remedy: "set a header, or remove it")
        }
        var request: [PreparedHeader] = []
        var host: String?
        var stops = false
        for (name, value) in options.customRequestHeaders.sorted(by: { $0.key < $1.key }) {
            switch name.lowercased() {
            case "host":
                guard Self.isHost(value) else {
                    throw MiddlewareError(
                        "headers.customRequestHeaders.\(name): \(value.debugDescription) is no host",
                        remedy: "give a host name or address, with or without a port")
                }
                // A request without a host is none: there is nothing to remove.
                if !value.isEmpty { host = value }
            case "x-forwarded-for" where value.isEmpty:
                stops = true
                request.append(PreparedHeader(name: name, value: value))
            default: request.append(PreparedHeader(name: name, value: value))
            }
        }
        self.request = request
        self.host = host
        stopsForwardedFor = stops
        response = options.customResponseHeaders.sorted { $0.key < $1.key }.map {
            PreparedHeader(name: $0.key, value: $0.value)
        }
        cors = try CORSPolicy(options)
        security = SecurityHeaders(options)
        phases = response.isEmpty && cors == nil && !security.changesResponses ? [] : .response
    }

    /// Whether it may stand in a Host line; empty for none. Letters, digits and what addresses and registered names hold besides
    /// (RFC 3986 §3.2.2), but no user.
    private static func isHost(_ text: String) -> Bool {
        text.utf8.allSatisfy { byte in
            byte < 0x80 && (HeaderBlock.isPlainNameByte(byte) || "._~%!$&'()*+;=:[]".utf8.contains(byte))
        }
    }

    /// Hosts are checked last, as the server would see them: by then a custom header may have changed them.
    package func request(_ exchange: Exchange) -> RequestOutcome {
        if let cors, cors.isPreflight(exchange) {
            cors.answerPreflight(exchange)
            return .respond
        }
        // First all go, then all come: two of them may be twins.
        for header in request { header.remove(from: &exchange.request.headers, isRequest: true) }
        for header in request { header.append(to: &exchange.request.headers) }
        if let host { exchange.request.host = exchange.request.headers.store(host) }
        if stopsForwardedFor { exchange.appendsForwardedFor = false }
        guard let refusal = security.check(exchange) else { return .proceed }
        dressUp(exchange)
        return refusal
    }

    package func response(_ exchange: Exchange) -> ResponseOutcome {
        // An upgraded connection is not an answer to be dressed up.
        guard exchange.response.status != 101 else { return .proceed }
        security.apply(to: exchange)
        dressUp(exchange)
        return .proceed
    }

    /// What is said in so many words stands above what the security options imply.
    private func dressUp(_ exchange: Exchange) {
        for header in response { header.apply(to: &exchange.response.headers, isRequest: false) }
        cors?.apply(to: exchange)
    }
}
