package import MartinetConfig
package import MartinetCore
import MartinetHTTP
import NIOCore

/// Rewrites the path by a regular expression; the query stays, and `X-Replaced-Path` tells the server the former path (Traefik's
/// `replacePathRegex`). A path that does not match passes as it is.
///
/// The expression sees the escaped path. A result with an escape that is none is a 500, one that cleaning would change a 400
/// (CVE-2026-67309).
package final class ReplacePathRegex: HTTPMiddleware {
    private let pattern: RegularExpression
    private let replacement: ReplacementTemplate

    /// Throws when the expression is no good.
    package init(_ options: ReplacePathRegexOptions) throws(MiddlewareError) {
        do {
            pattern = try RegularExpression(options.regex.trimmingBlanks())
        } catch {
            throw MiddlewareError("replacePathRegex.regex: \(error)", remedy: "correct the expression")
        }
        replacement = ReplacementTemplate(options.replacement.trimmingBlanks(), for: pattern)
    }

    package func request(_ exchange: Exchange) -> RequestOutcome {
        var out = ByteBuffer()
        let matches = exchange.request.withPath { pattern.replaceAll(in: $0, with: replacement, into: &out) }
        guard matches else { return .proceed }
        if let escape = out.withUnsafeReadableBytes(PathText.brokenEscape) {
            return exchange.respondWithPlainText(500, PathText.complaint(escape))
        }
        var path = PathText.escaped(out.readableBytesView)
        if path.first != 0x2F { path.insert(0x2F, at: 0) }
        let former = exchange.request.path
        exchange.request.headers.add(.xReplacedPath, former)
        exchange.request.path = path.withUnsafeBytes { exchange.request.headers.store($0) }
        return PathSafety.checkClean(exchange)
    }
}
