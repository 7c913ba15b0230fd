package import MartinetConfig
package import MartinetCore
import MartinetHTTP
import NIOCore

/// Asks an auth server about each request (Traefik's `forwardAuth`): 2xx lets it pass, anything else is the answer.
package final class ForwardAuth: HTTPMiddleware {
    package let phases: MiddlewarePhases
    let options: ForwardAuthOptions
    private let server: UpstreamServer
    private let host: String
    /// `http://host` or `https://host`, for Locations that name none.
    private let origin: String
    private let requestURI: String
    /// `Authorization` for requests that have none; nil when the address names no user.
    private let credentials: String?
    private let responseHeaders: [PreparedHeader]
    private let responsePattern: RegularExpression?
    private let bodyLimit: Int
    private let responseLimit: Int

    /// Caps where Traefik has none: a body or an answer without bound is memory without bound.
    private static let defaultLimit = 1 << 20
    /// Where the options ask for no bound. In bytes.
    private static let greatestLimit = 64 << 20

    private final class Cookies {
        var lines: [String] = []
    }

    /// `server`: makes the auth server of a URL. Throws when the address, an expression or a certificate is no good.
    package init(
        _ options: ForwardAuthOptions, server: (String, ClientTLSOptions?) throws -> UpstreamServer
    ) throws(MiddlewareError) {
        let address = try AuthServerAddress(options.address)
        requestURI = address.requestURI
        credentials = address.credentials
        do {
            self.server = try server(address.server, Self.tls(options.tls))
        } catch {
            throw MiddlewareError("forwardAuth.address: \(error)", remedy: "give a URL such as http://auth:4181/")
        }
        // Without the user and password of the URL, which are for nobody else to see.
        host = self.server.authority
        origin = address.scheme + host
        self.options = options
        responseHeaders = options.authResponseHeaders.map { PreparedHeader(name: $0, value: "") }
        do {
            let text = options.authResponseHeadersRegex
            responsePattern = text.isEmpty ? nil : try RegularExpression(text)
        } catch {
            throw MiddlewareError("forwardAuth.authResponseHeadersRegex: \(error)", remedy: "correct the expression")
        }
        bodyLimit = Self.limit(options.maxBodySize)
        responseLimit = Self.limit(options.maxResponseBodySize)
        phases = options.addAuthCookiesToResponse.isEmpty ? [] : .response
    }

    private static func limit(_ size: Int?) -> Int {
        guard let size else { return defaultLimit }
        return size < 0 ? greatestLimit : size
    }

    private static func tls(_ options: ForwardAuthTLSOptions?) -> ClientTLSOptions? {
        options.map { options in
            var tls = ClientTLSOptions()
            tls.ca = options.ca
            tls.cert = options.cert
            tls.key = options.key
            tls.insecureSkipVerify = options.insecureSkipVerify
            return tls
        }
    }

    package func request(_ exchange: Exchange) -> RequestOutcome {
        options.forwardBody ? .bufferBody(limit: bodyLimit) : ask(exchange)
    }

    package func requestBody(_ exchange: Exchange) -> RequestOutcome { ask(exchange) }
    package func requestBodyTooLarge(_ exchange: Exchange) -> RequestOutcome { respond(401, exchange) }

    package func response(_ exchange: Exchange) -> ResponseOutcome {
        guard let cookies = exchange.state(of: self, as: Cookies.self) else { return .proceed }
        let names = options.addAuthCookiesToResponse
        exchange.response.headers.removeAll { block, entry in
            entry.id == .setCookie && names.contains { block.string(entry.value).hasPrefix($0 + "=") }
        }
        for line in cookies.lines { exchange.response.headers.add(.setCookie, line) }
        return .proceed
    }

    private func ask(_ exchange: Exchange) -> RequestOutcome {
        guard let driver = exchange.driver else { return exchange.respondWithStatusText(500) }
        guard !exchange.loops(through: server) else { return exchange.respondWithStatusText(508) }
        let subrequest = Subrequest(
            server: server,
            method: options.preserveRequestMethod ? exchange.request.methodString : "GET",
            requestURI: requestURI, host: host,
            headers: AuthRequestHeaders.make(exchange, options, credentials: credentials),
            body: options.forwardBody ? exchange.bufferedBody : nil, maxResponseBody: responseLimit
        )
        driver.call(subrequest) { [self] result in
            switch result {
            case .success(let answer): exchange.resume(judge(answer, exchange))
            case .failure(let error): exchange.resume(failed(error, exchange))
            }
        }
        return .wait
    }

    private func failed(_ error: UpstreamError, _ exchange: Exchange) -> RequestOutcome {
        respond(error.reason == .responseTooLarge ? 401 : 500, exchange)
    }

    /// An answer of our own, without body.
    private func respond(_ status: UInt16, _ exchange: Exchange) -> RequestOutcome {
        exchange.setLocalResponse(status)
        return .respond
    }

    private func judge(_ answer: Subresponse, _ exchange: Exchange) -> RequestOutcome {
        guard (200..<300).contains(answer.head.status) else { return refuse(answer, exchange) }
        // First the client's lines go, then the server's come: two of the names may be twins.
        for header in responseHeaders { header.remove(from: &exchange.request.headers, isRequest: true) }
        for name in options.authResponseHeaders {
            for value in answer.head.headers.strings(name: name) {
                exchange.request.headers.add(name: PreparedHeader.canonical(name), value: value)
            }
        }
        if let responsePattern { copyMatching(responsePattern, answer, exchange) }
        if !options.headerField.isEmpty, let user = answer.head.headers.string(name: options.headerField) {
            exchange.userName = user
        }
        if !options.addAuthCookiesToResponse.isEmpty { keepCookies(answer, exchange) }
        return .proceed
    }

    /// Copies the answer's headers whose canonical names match; the client's that match, or have twins that do, go first: `^X-`
    /// must not let a client send `X_User`.
    private func copyMatching(_ pattern: RegularExpression, _ answer: Subresponse, _ exchange: Exchange) {
        var lines: [(name: String, value: String)] = []
        for entry in answer.head.headers.entries where !AuthRequestHeaders.isHopByHop(entry.id) {
            let name = PreparedHeader.canonical(answer.head.headers.string(entry.name))
            if pattern.matches(name) { lines.append((name, answer.head.headers.string(entry.value))) }
        }
        exchange.request.headers.removeAll { block, entry in
            block.withBytes(entry.name) { name in
                pattern.matches(PreparedHeader.canonical(String(decoding: name, as: UTF8.self)))
                    || pattern.matches(PreparedHeader.canonical(HeaderTwins.dashed(name)))
            }
        }
        for line in lines {
            PreparedHeader(name: line.name, value: "").remove(from: &exchange.request.headers, isRequest: true)
        }
        for line in lines { exchange.request.headers.add(name: line.name, value: line.value) }
    }

    private func keepCookies(_ answer: Subresponse, _ exchange: Exchange) {
        let cookies = Cookies()
        for line in answer.head.headers.strings(name: "Set-Cookie")
        where options.addAuthCookiesToResponse.contains(where: { line.hasPrefix($0 + "=") }) {
            cookies.lines.append(line)
        }
        if !cookies.lines.isEmpty { exchange.setState(cookies, of: self) }
    }

    private func refuse(_ answer: Subresponse, _ exchange: Exchange) -> RequestOutcome {
        if answer.head.status == 401, !options.authSigninURL.isEmpty {
            exchange.setLocalResponse(302)
            exchange.response.headers.add(
                .location,
                RelativeReference.redirection(to: options.authSigninURL, from: exchange.request.pathString))
            return .respond
        }
        exchange.setLocalResponse(answer.head.status)
        for entry in answer.head.headers.entries
        where !AuthRequestHeaders.isHopByHop(entry.id) && entry.id != .contentLength {
            var value = answer.head.headers.string(entry.value)
            if entry.id == .location, !options.preserveLocationHeader {
                guard let whole = RelativeReference.resolve(value, origin: origin, target: requestURI) else {
                    return respond(500, exchange)
                }
                value = whole
            }
            exchange.response.headers.add(name: answer.head.headers.string(entry.name), value: value)
        }
        exchange.localBody = answer.body
        exchange.response.framing = .length(UInt64(answer.body.readableBytes))
        return .respond
    }
}
