import MartinetHTTP

/// Header lines that concern one connection only (RFC 9110 §7.6.1) or that the proxy writes itself.
package enum HopByHop {
    /// Never copied to a server. Framing, Host, Upgrade and the count of hops are written anew.
    package static let request: UInt64 = mask([
        .connection, .keepAlive, .proxyConnection, .proxyAuthenticate, .proxyAuthorization, .te, .trailer,
        .transferEncoding, .contentLength, .upgrade, .http2Settings, .host, .xForwardedFor, .xMartinetHops,
    ])

    /// Never copied to a client. Framing, Date and Upgrade are written anew.
    package static let response: UInt64 = mask([
        .connection, .keepAlive, .proxyConnection, .proxyAuthenticate, .proxyAuthorization, .te, .trailer,
        .transferEncoding, .contentLength, .upgrade,
    ])

    /// Names a client's Connection header may not remove: the proxy's own, and those that are handled apart. `TE` is one: who
    /// sends it must list it (RFC 9110 §10.1.4), and of its values only `trailers` goes on.
    static let protected: UInt64 = mask([
        .xForwardedFor, .xForwardedHost, .xForwardedPort, .xForwardedProto, .xForwardedServer, .xForwardedURI,
        .xForwardedMethod, .xForwardedPrefix, .xForwardedTLSClientCert, .xForwardedTLSClientCertInfo, .xRealIP,
        .host, .connection, .upgrade, .transferEncoding, .contentLength, .te,
    ])

    /// What only a trusted peer may say.
    package static let forwarded: UInt64 = mask([
        .xForwardedFor, .xForwardedHost, .xForwardedPort, .xForwardedProto, .xForwardedServer, .xForwardedURI,
        .xForwardedMethod, .xForwardedPrefix, .xForwardedTLSClientCert, .xForwardedTLSClientCertInfo, .xRealIP,
    ])

    private static func mask(_ ids: [HeaderID]) -> UInt64 { ids.reduce(0) { $0 | $1.bit } }
}
