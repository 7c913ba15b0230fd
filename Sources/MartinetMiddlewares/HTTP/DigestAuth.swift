package import MartinetConfig
package import MartinetCore
import MartinetHTTP
import NIOCore

/// Asks for user and password without letting the password travel (RFC 7616, Traefik's `digestAuth`): MD5 with `qop=auth`.
///
/// Each login proves one request, told by its target: a header that was overheard is good for nothing else. Nonces expire, and request
/// counts may only rise.
package final class DigestAuth: HTTPMiddleware {
    /// `MD5(name:realm:password)` in hex, by the bytes of `name:realm`: as text, some that are spelt differently would be the same.
    private let secrets: [[UInt8]: String]
    private let realm: String
    private let removesHeader: Bool
    private let identity: IdentityHeader?
    private let nonces = DigestNonces()

    /// `file`: gives what is in `usersFile`. Throws when that cannot be read or an entry is none. Without any user every request is
    /// refused.
    package init(_ options: DigestAuthOptions, file: (String) -> [UInt8]?) throws(MiddlewareError) {
        var secrets: [[UInt8]: String] = [:]
        for entry in try UserEntries.read(options.users, file: options.usersFile, option: "digestAuth", file) {
            let parts = entry.text.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count == 3 else {
                throw MiddlewareError(
                    "\(entry.place): an entry is not name:realm:hash", remedy: "write the entries as htdigest does")
            }
            secrets[Array("\(parts[0]):\(parts[1])".utf8)] = String(parts[2])
        }
        self.secrets = secrets
        let realm = options.realm.isEmpty ? "traefik" : options.realm
        self.realm = realm
        removesHeader = options.removeHeader
        identity = options.headerField.isEmpty ? nil : IdentityHeader(options.headerField)
    }

    package func request(_ exchange: Exchange) -> RequestOutcome {
        let now = NIODeadline.now().uptimeNanoseconds / 1_000_000
        guard let value = exchange.request.headers.first(.authorization),
            let credentials = exchange.request.headers.withBytes(value, { DigestCredentials($0) })
        else {
            exchange.userName = ""
            return challenge(exchange, stale: false, now: now)
        }
        exchange.userName = credentials.userName
        switch verify(credentials, exchange, now: now) {
        case .good: break
        case .stale: return challenge(exchange, stale: true, now: now)
        case .unknown: return challenge(exchange, stale: false, now: now)
        }
        identity?.write(credentials.userName, to: exchange)
        if removesHeader { exchange.request.headers.remove(.authorization) }
        return .proceed
    }

    private func verify(_ credentials: DigestCredentials, _ exchange: Exchange, now: UInt64) -> DigestNonces.Verdict {
        guard credentials.opaque == nonces.opaque, credentials.algorithm == "MD5", credentials.qop == "auth",
            !credentials.userName.isEmpty, names(credentials.uri, exchange), let count = credentials.countNumber
        else { return .unknown }
        let secret = secrets[Array("\(credentials.userName):\(realm)".utf8)]
        // Without a user the proof is worked out all the same: both take their time.
        let isProof = credentials.isProof(of: secret ?? "", method: exchange.request.methodString)
        guard secret != nil, isProof else { return .unknown }
        let verdict = nonces.check(credentials.nonce, now: now)
        return verdict == .good ? nonces.use(credentials.nonce, count: count, now: now) : verdict
    }

    /// Whether `uri` is what is being asked for: as the client wrote it, as it was routed, or as middlewares further out left it.
    private func names(_ uri: String, _ exchange: Exchange) -> Bool {
        guard !uri.isEmpty else { return false }
        if uri == exchange.request.requestURI || uri == exchange.request.headers.string(exchange.request.target) {
            return true
        }
        guard let routed = exchange.routed else { return false }
        let path = exchange.request.headers.string(routed.path)
        return uri == (routed.hasQuery ? path + "?" + exchange.request.headers.string(routed.query) : path)
    }

    private func challenge(_ exchange: Exchange, stale: Bool, now: UInt64) -> RequestOutcome {
        exchange.setLocalResponse(401)
        exchange.response.headers.add(.contentType, "text/plain" as StaticString)
        let name = realm.filter { $0 != "\"" && $0 != "\\" && !$0.isNewline }
        exchange.response.headers.add(
            .wwwAuthenticate,
            "Digest realm=\"\(name)\", nonce=\"\(nonces.issue(now: now))\", opaque=\"\(nonces.opaque)\", algorithm=\"MD5\", "
                + "qop=\"auth\"\(stale ? ", stale=true" : "")")
        exchange.setLocalBody("401 Unauthorized\n")
        return .respond
    }
}
