package import MartinetConfig
package import MartinetCore
import MartinetHTTP

/// Asks for user and password (RFC 7617, Traefik's `basicAuth`).
///
/// Hashes are checked on another thread: one bcrypt check takes as long as thousands of requests.
package final class BasicAuth: HTTPMiddleware {
    private let users: UserList
    private let challenge: String
    private let removesHeader: Bool
    private let identity: IdentityHeader?

    package init(_ options: BasicAuthOptions) throws(MiddlewareError) {
        users = try UserList(users: options.users, file: options.usersFile, option: "basicAuth")
        let realm = options.realm.isEmpty ? "traefik" : options.realm
        challenge = "Basic realm=\"\(realm.filter { $0 != "\"" && $0 != "\\" && !$0.isNewline })\""
        removesHeader = options.removeHeader
        identity = options.headerField.isEmpty ? nil : IdentityHeader(options.headerField)
    }

    package func request(_ exchange: Exchange) -> RequestOutcome {
        guard let (name, password) = Self.credentials(exchange), let driver = exchange.driver else {
            exchange.userName = ""
            return refuse(exchange)
        }
        exchange.userName = name
        let users = self.users
        driver.offload {
            users.verify(name, password)
        } completion: { [self] isKnown in
            guard isKnown else { return exchange.resume(refuse(exchange)) }
            identity?.write(name, to: exchange)
            if removesHeader { exchange.request.headers.remove(.authorization) }
            exchange.resume(.proceed)
        }
        return .wait
    }

    private func refuse(_ exchange: Exchange) -> RequestOutcome {
        exchange.setLocalResponse(401)
        exchange.response.headers.add(.contentType, "text/plain" as StaticString)
        exchange.response.headers.add(.wwwAuthenticate, challenge)
        exchange.setLocalBody("401 Unauthorized\n")
        return .respond
    }

    private static func credentials(_ exchange: Exchange) -> (String, [UInt8])? {
        guard let value = exchange.request.headers.first(.authorization) else { return nil }
        return exchange.request.headers.withBytes(value) { bytes in
            guard bytes.count > 6, ASCII.equalIgnoringCase(UnsafeRawBufferPointer(rebasing: bytes[..<6]), "Basic "),
                let decoded = Base64.decode(UnsafeRawBufferPointer(rebasing: bytes[6...])),
                let colon = decoded.firstIndex(of: UInt8(ascii: ":"))
            else { return nil }
            return (String(decoding: decoded[..<colon], as: UTF8.self), Array(decoded[(colon + 1)...]))
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
