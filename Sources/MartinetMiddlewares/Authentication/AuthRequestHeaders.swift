import MartinetConfig
import MartinetCore
import MartinetHTTP

/// The headers an auth server is asked with.
enum AuthRequestHeaders {
    private static let hopByHop: Set<HeaderID> = [
        .connection, .keepAlive, .proxyConnection, .proxyAuthenticate, .proxyAuthorization, .te, .trailer,
        .transferEncoding, .upgrade, .http2Settings,
    ]
    /// What is written anew for the auth server.
    private static let facts: Set<HeaderID> = [
        .xForwardedFor, .xForwardedHost, .xForwardedPort, .xForwardedProto, .xForwardedURI, .xForwardedMethod,
    ]
    /// What else a proxy in front may have said.
    private static let hearsay: Set<HeaderID> = [
        .xForwardedServer, .xForwardedPrefix, .xForwardedTLSClientCert, .xForwardedTLSClientCertInfo, .xRealIP,
    ]

    static func isHopByHop(_ id: HeaderID) -> Bool { hopByHop.contains(id) }

    /// All of the client's headers, or those in `authRequestHeaders`; then what the auth server must know of the request. With
    /// `trustForwardHeader` what a proxy in front said stands, whatever `authRequestHeaders` names; otherwise, also when it is not
    /// set, only what this proxy saw counts. `credentials`: the value of an `Authorization` that is missing.
    static func make(_ exchange: Exchange, _ options: ForwardAuthOptions, credentials: String?) -> HeaderBlock {
        make(exchange.request, exchange, options, credentials)
    }

    private static func make(
        _ request: borrowing RequestHead, _ exchange: Exchange, _ options: ForwardAuthOptions, _ credentials: String?
    ) -> HeaderBlock {
        let trusts = options.trustForwardHeader ?? false
        let wanted = Set(options.authRequestHeaders.map { $0.lowercased() })
        var block = HeaderBlock()
        for entry in request.headers.entries {
            let name = request.headers.string(entry.name)
            // `X_Forwarded_For` and the like would be taken for the real thing by some auth servers.
            let meaning = request.headers.withBytes(entry.name) { HeaderTwins.dashedID($0) }
            guard !isHopByHop(entry.id), entry.id != .host, entry.id != .contentLength, entry.id != .expect,
                !facts.contains(meaning), !hearsay.contains(meaning) || trusts && entry.id == meaning,
                // How often we asked ourselves already is never to be forgotten.
                wanted.isEmpty || entry.id == .xMartinetHops || hearsay.contains(meaning)
                    || wanted.contains(name.lowercased())
            else { continue }
            block.add(name: name, value: request.headers.string(entry.value))
        }
        if let credentials, block.string(.authorization)?.isEmpty ?? true {
            block.remove(.authorization)
            block.add(.authorization, credentials)
        }
        if trusts, !block.contains(.xRealIP) { block.add(.xRealIP, exchange.connection.peerText) }
        let scheme = exchange.isSecure ? "https" : "http"
        let facts: [(id: HeaderID, own: String)] = [
            (.xForwardedMethod, request.methodString), (.xForwardedProto, trusts ? "http" : scheme),
            (.xForwardedHost, request.hostString), (.xForwardedPort, port(request.hostString, exchange)),
            (.xForwardedURI, request.requestURI),
        ]
        for fact in facts {
            let given = trusts ? request.headers.string(fact.id) : nil
            block.add(fact.id, given ?? fact.own)
        }
        var addresses = trusts ? request.headers.strings(name: "X-Forwarded-For") : []
        addresses.append(exchange.connection.peerText)
        block.add(.xForwardedFor, addresses.joined(separator: ", "))
        return block
    }

    private static func port(_ host: String, _ exchange: Exchange) -> String {
        if let colon = host.lastIndex(of: ":"), !host[colon...].contains("]") {
            let port = host[host.index(after: colon)...]
            if !port.isEmpty, port.allSatisfy(\.isNumber) { return String(port) }
        }
        return exchange.isSecure ? "443" : "80"
    }
}
