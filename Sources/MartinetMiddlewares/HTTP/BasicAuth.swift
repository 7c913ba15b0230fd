package import MartinetConfig
package import MartinetCore
import MartinetHTTP

/// Asks for user and password (RFC 7617, Traefik's `basicAuth`).
///
/// Hashes are checked on another thread: one bcrypt check takes as long as thousands of requests. A password that was right is not
/// hashed again for ten minutes.
package final class BasicAuth: HTTPMiddleware {
    private let users: UserList
    private let verified = VerifiedPasswords()
    private let challenge: String
    private let removesHeader: Bool
    private let identity: IdentityHeader?

    /// `file`: gives what is in `usersFile`. Throws when that cannot be read, there are no users, or one is no `name:hash`.
    package init(_ options: BasicAuthOptions, file: (String) -> [UInt8]?) throws(MiddlewareError) {
        let entries = try UserEntries.read(options.users, file: options.usersFile, option: "basicAuth", file)
        users = try UserList(entries, option: "basicAuth")
        let realm = options.realm.isEmpty ? "traefik" : options.realm
        challenge = "Basic realm=\"\(realm.filter { $0 != "\"" && $0 != "\\" && !$0.isNewline })\""
        removesHeader = options.removeHeader
        identity = options.headerField.isEmpty ? nil : IdentityHeader(options.headerField)
    }

    package func request(_ exchange: Exchange) -> RequestOutcome {
        guard let credentials = Self.credentials(exchange), let driver = exchange.driver else {
            exchange.userName = ""
            return refuse(exchange)
        }
        let name = String(decoding: credentials.name, as: UTF8.self)
        exchange.userName = name
        let digest = verified.digest(credentials.bytes)
        if verified.contains(digest, now: VerifiedPasswords.now()) { return admit(name, exchange) }
        let users = self.users
        driver.offload {
            users.verify(credentials.name, credentials.password)
        } completion: { [self] isKnown in
            guard isKnown else { return exchange.resume(refuse(exchange)) }
            verified.insert(digest, now: VerifiedPasswords.now())
            exchange.resume(admit(name, exchange))
        }
        return .wait
    }

    private func admit(_ name: String, _ exchange: Exchange) -> RequestOutcome {
        identity?.write(name, to: exchange)
        if removesHeader { exchange.request.headers.remove(.authorization) }
        return .proceed
    }

    private func refuse(_ exchange: Exchange) -> RequestOutcome {
        exchange.setLocalResponse(401)
        exchange.response.headers.add(.contentType, "text/plain" as StaticString)
        exchange.response.headers.add(.wwwAuthenticate, challenge)
        exchange.setLocalBody("401 Unauthorized\n")
        return .respond
    }

    /// What a client says who it is.
    private struct Credentials: Sendable {
        /// Name, colon, password.
        let bytes: [UInt8]
        private let colon: Int

        init?(_ bytes: [UInt8]) {
            guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return nil }
            self.bytes = bytes
            self.colon = colon
        }

        var name: [UInt8] { Array(bytes[..<colon]) }
        var password: [UInt8] { Array(bytes[(colon + 1)...]) }
    }

    private static func credentials(_ exchange: Exchange) -> Credentials? {
        guard let value = exchange.request.headers.first(.authorization) else { return nil }
        return exchange.request.headers.withBytes(value) { bytes in
            guard bytes.count > 6, ASCII.equalIgnoringCase(UnsafeRawBufferPointer(rebasing: bytes[..<6]), "Basic "),
                let decoded = Base64.decode(UnsafeRawBufferPointer(rebasing: bytes[6...]))
            else { return nil }
            return Credentials(decoded)
        }
    }
}

/// A header that tells servers who the user is. Whatever the client sent under that name, in any spelling, goes first.
struct IdentityHeader: Sendable {
    private let name: String
    private let eraser: PreparedHeader

    init(_ name: String) {
        self.name = name
        eraser = PreparedHeader(name: name, value: "")
    }

    func write(_ user: String, to exchange: Exchange) {
        eraser.apply(to: &exchange.request.headers, isRequest: true)
        // A name with a line end would write headers of its own.
        let safe = String(user.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }.map(Character.init))
        exchange.request.headers.add(name: name, value: safe)
    }
}
