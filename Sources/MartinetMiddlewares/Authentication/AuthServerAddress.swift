import MartinetHTTP

/// What the URL of an auth server says.
struct AuthServerAddress {
    /// Scheme, host and port, and nothing else.
    let server: String
    /// `http://` or `https://`.
    let scheme: String
    /// Path and query, what is asked for.
    let requestURI: String
    /// The value of `Authorization` that the URL's user and password make; nil when it names none.
    let credentials: String?

    /// Throws when `text` is no URL of http or https.
    init(_ text: String) throws(MiddlewareError) {
        guard !text.isEmpty else {
            throw MiddlewareError("forwardAuth.address is empty", remedy: "give the URL of the auth server")
        }
        guard let scheme = ["http://", "https://"].first(where: { text.lowercased().hasPrefix($0) }) else {
            throw MiddlewareError(
                "forwardAuth.address: \"\(text)\" is no URL of http or https",
                remedy: "give a URL such as http://auth:4181/")
        }
        self.scheme = scheme
        let rest = text.dropFirst(scheme.count)
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        // A fragment is no part of a request target.
        let path = String(rest[end...].prefix { $0 != "#" })
        requestURI = path.hasPrefix("/") ? path : "/" + path
        let authority = rest[..<end]
        guard let at = authority.lastIndex(of: "@") else {
            credentials = nil
            server = scheme + authority
            return
        }
        server = scheme + authority[authority.index(after: at)...]
        let user = Array(authority[..<at].utf8)
        let colon = user.firstIndex(of: UInt8(ascii: ":")) ?? user.endIndex
        guard let name = Self.decoded(user[..<colon]), let password = Self.decoded(user[colon...].dropFirst()) else {
            throw MiddlewareError(
                "forwardAuth.address: a broken escape in its user or password",
                remedy: "write %25 for a percent sign")
        }
        credentials = "Basic " + Base64.encode(name + [UInt8(ascii: ":")] + password)
    }

    /// Nil when an escape is broken.
    private static func decoded(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        var out: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                out.append(byte)
                continue
            }
            guard let high = rest.popFirst(), let low = rest.popFirst(), let value = Percent.decode(high, low) else {
                return nil
            }
            out.append(value)
        }
        return out
    }
}
