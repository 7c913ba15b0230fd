/// A header field name the proxy has business with, so that looking it up is one comparison of a byte.
///
/// The raw value is the position in ``HeaderBlock``'s presence mask; names without an id are `other`, which has no bit.
/// There may be at most 63 names besides `other`. Public to be inlined.
public enum HeaderID: UInt8, CaseIterable, Sendable {
    case other = 0
    // Framing and connection (RFC 9112, RFC 9110 §7.6.1).
    case connection, keepAlive, proxyConnection, transferEncoding, contentLength, te, trailer, upgrade, http2Settings
    case proxyAuthenticate, proxyAuthorization
    // Request.
    case host, expect, authorization, cookie, accept, acceptEncoding, userAgent, referer, origin, range, forwarded
    case accessControlRequestMethod, accessControlRequestHeaders
    case xForwardedFor, xForwardedHost, xForwardedPort, xForwardedProto, xForwardedServer, xForwardedURI
    case xForwardedMethod, xForwardedPrefix, xForwardedTLSClientCert, xForwardedTLSClientCertInfo, xRealIP,
        xReplacedPath
    /// Ours alone, see `Hops`.
    case xMartinetHops
    case secWebSocketKey, secWebSocketVersion, secWebSocketProtocol, secWebSocketExtensions, secWebSocketAccept
    // Response.
    case contentType, contentEncoding, contentRange, date, server, location, setCookie, vary, cacheControl, etag
    case lastModified, wwwAuthenticate, retryAfter, accessControlAllowOrigin, strictTransportSecurity, grpcStatus
    case xContentTypeOptions

    /// The canonical spelling, as Traefik writes it to backends (Go's canonical form, save for WebSocket's names).
    package var name: StaticString {
        switch self {
        case .other: ""
        case .connection: "Connection"
        case .keepAlive: "Keep-Alive"
        case .proxyConnection: "Proxy-Connection"
        case .transferEncoding: "Transfer-Encoding"
        case .contentLength: "Content-Length"
        case .te: "Te"
        case .trailer: "Trailer"
        case .upgrade: "Upgrade"
        case .http2Settings: "Http2-Settings"
        case .proxyAuthenticate: "Proxy-Authenticate"
        case .proxyAuthorization: "Proxy-Authorization"
        case .host: "Host"
        case .expect: "Expect"
        case .authorization: "Authorization"
        case .cookie: "Cookie"
        case .accept: "Accept"
        case .acceptEncoding: "Accept-Encoding"
        case .userAgent: "User-Agent"
        case .referer: "Referer"
        case .origin: "Origin"
        case .range: "Range"
        case .forwarded: "Forwarded"
        case .accessControlRequestMethod: "Access-Control-Request-Method"
        case .accessControlRequestHeaders: "Access-Control-Request-Headers"
        case .xForwardedFor: "X-Forwarded-For"
        case .xForwardedHost: "X-Forwarded-Host"
        case .xForwardedPort: "X-Forwarded-Port"
        case .xForwardedProto: "X-Forwarded-Proto"
        case .xForwardedServer: "X-Forwarded-Server"
        case .xForwardedURI: "X-Forwarded-Uri"
        case .xForwardedMethod: "X-Forwarded-Method"
        case .xForwardedPrefix: "X-Forwarded-Prefix"
        case .xForwardedTLSClientCert: "X-Forwarded-Tls-Client-Cert"
        case .xForwardedTLSClientCertInfo: "X-Forwarded-Tls-Client-Cert-Info"
        case .xRealIP: "X-Real-Ip"
        case .xReplacedPath: "X-Replaced-Path"
        case .xMartinetHops: "X-Martinet-Hops"
        case .secWebSocketKey: "Sec-WebSocket-Key"
        case .secWebSocketVersion: "Sec-WebSocket-Version"
        case .secWebSocketProtocol: "Sec-WebSocket-Protocol"
        case .secWebSocketExtensions: "Sec-WebSocket-Extensions"
        case .secWebSocketAccept: "Sec-WebSocket-Accept"
        case .contentType: "Content-Type"
        case .contentEncoding: "Content-Encoding"
        case .contentRange: "Content-Range"
        case .date: "Date"
        case .server: "Server"
        case .location: "Location"
        case .setCookie: "Set-Cookie"
        case .vary: "Vary"
        case .cacheControl: "Cache-Control"
        case .etag: "Etag"
        case .lastModified: "Last-Modified"
        case .wwwAuthenticate: "Www-Authenticate"
        case .retryAfter: "Retry-After"
        case .accessControlAllowOrigin: "Access-Control-Allow-Origin"
        case .strictTransportSecurity: "Strict-Transport-Security"
        case .grpcStatus: "Grpc-Status"
        case .xContentTypeOptions: "X-Content-Type-Options"
        }
    }

    /// This name's bit in a presence mask; `other` has none.
    @inlinable
    public var bit: UInt64 { 1 << UInt64(rawValue) & ~1 }

    /// The id of a field name, whatever its case; `other` when it is not one of ours.
    package static func lookup(_ name: UnsafeRawBufferPointer) -> HeaderID {
        HeaderIDTable.shared.lookup(name)
    }
}
