package import MartinetConfig
package import MartinetCore
import MartinetHTTP
import NIOCore

/// Sends clients elsewhere when a regular expression matches the URL they asked for (Traefik's `redirectRegex` and
/// `redirectScheme`, which is the same with a pattern and a replacement of its own).
///
/// Status: 301 (`permanent`) or 302 for GET, 308 or 307 for other methods, which must not become GET. A URL that does not
/// match, or that the replacement leaves as it is, goes on to the next middleware; a replacement that is no URL is a 502.
package final class Redirect: HTTPMiddleware {
    private let pattern: RegularExpression
    private let replacement: ReplacementTemplate
    private let permanent: Bool
    /// Where `redirectScheme` leads to; for it alone `X-Forwarded-Proto` and default ports count.
    private let destination: RedirectDestination?

    /// Scheme, host, port with its colon, and the rest.
    private static let parts = #"^(https?)://(\[[\w:.]+\]|[\w._-]+)?(:\d+)?(.*)$"#

    /// Throws when the expression is no good.
    package init(_ options: RedirectRegexOptions) throws(MiddlewareError) {
        do {
            pattern = try RegularExpression(options.regex)
        } catch {
            throw MiddlewareError("redirectRegex.regex: \(error)", remedy: "correct the expression")
        }
        replacement = ReplacementTemplate(options.replacement, for: pattern)
        permanent = options.permanent
        destination = nil
    }

    /// Throws when no scheme is given.
    package init(_ options: RedirectSchemeOptions) throws(MiddlewareError) {
        guard !options.scheme.isEmpty else {
            throw MiddlewareError(
                "redirectScheme.scheme is empty", remedy: "give the scheme to redirect to, such as https")
        }
        do {
            pattern = try RegularExpression(Self.parts)
        } catch {
            throw MiddlewareError("redirectScheme: \(error)")
        }
        let destination = RedirectDestination(scheme: options.scheme, port: options.port)
        replacement = ReplacementTemplate("\(destination.scheme)://${2}\(destination.port)${4}", for: pattern)
        permanent = options.permanent
        self.destination = destination
    }

    package func request(_ exchange: Exchange) -> RequestOutcome {
        let scheme = destination == nil ? connectionScheme(exchange) : clientScheme(exchange)
        if let destination, destination.isThat(of: exchange.request, scheme: scheme) { return .proceed }
        let old = url(exchange, scheme: scheme, droppingPort: destination == nil ? nil : Self.defaultPort(scheme))
        var new = ByteBuffer()
        let matches = old.withUnsafeReadableBytes { pattern.replaceAll(in: $0, with: replacement, into: &new) }
        guard matches else { return .proceed }
        guard let location = new.withUnsafeReadableBytes({ RedirectLocation.make($0) }) else {
            return exchange.respondWithStatusText(502)
        }
        guard new != old else { return .proceed }
        let isGet = exchange.request.method == .get
        let outcome = exchange.respondWithStatusText(permanent ? (isGet ? 301 : 308) : (isGet ? 302 : 307))
        location.withUnsafeBytes { exchange.response.headers.add(.location, $0) }
        return outcome
    }

    /// The URL that was asked for.
    private func url(_ exchange: Exchange, scheme: String, droppingPort port: StaticString?) -> ByteBuffer {
        var out = ByteBuffer()
        out.writeString(scheme)
        out.writeStaticString("://")
        exchange.request.headers.withBytes(exchange.request.host) { host in
            var end = host.count
            if let port, host.count > port.utf8CodeUnitCount,
                host.suffix(port.utf8CodeUnitCount).elementsEqual(port.bytes)
            {
                end -= port.utf8CodeUnitCount
            }
            out.writeBytes(host[..<end])
        }
        exchange.request.headers.write(exchange.request.path, to: &out)
        if exchange.request.hasQuery {
            out.writeInteger(UInt8(ascii: "?"))
            exchange.request.headers.write(exchange.request.query, to: &out)
        }
        return out
    }

    private func connectionScheme(_ exchange: Exchange) -> String { exchange.isSecure ? "https" : "http" }

    /// The scheme as the client saw it, in front of proxies before this one: `X-Forwarded-Proto`, which the entry point has cleared
    /// of what untrusted clients say; of a WebSocket handshake that of the HTTP it begins as.
    private func clientScheme(_ exchange: Exchange) -> String {
        guard let proto = exchange.request.headers.string(.xForwardedProto), !proto.isEmpty else {
            return connectionScheme(exchange)
        }
        switch proto {
        case "ws": return "http"
        case "wss": return "https"
        default: return proto
        }
    }

    private static func defaultPort(_ scheme: String) -> StaticString? {
        switch scheme {
        case "http": ":80"
        case "https": ":443"
        default: nil
        }
    }
}
