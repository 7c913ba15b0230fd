package import MartinetConfig
package import MartinetCore
import MartinetHTTP

/// Puts another path in the place of the one asked for; the query stays, and `X-Replaced-Path` tells the server the former path
/// (Traefik's `replacePath`).
package final class ReplacePath: HTTPMiddleware {
    private let path: [UInt8]
    /// Set when the configured path holds an escape that is none: every request is answered with it.
    private let complaint: String?

    package init(_ options: ReplacePathOptions) {
        let text = options.path.hasPrefix("/") ? options.path : "/" + options.path
        path = PathText.escaped(text.utf8)
        complaint = path.withUnsafeBytes(PathText.brokenEscape).map(PathText.complaint)
    }

    package func request(_ exchange: Exchange) -> RequestOutcome {
        if let complaint { return exchange.respondWithPlainText(500, complaint) }
        let former = exchange.request.path
        exchange.request.headers.add(.xReplacedPath, former)
        exchange.request.path = path.withUnsafeBytes { exchange.request.headers.store($0) }
        return PathSafety.check(exchange)
    }
}
