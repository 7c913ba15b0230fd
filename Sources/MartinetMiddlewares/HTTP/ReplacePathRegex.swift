package import MartinetConfig
package import MartinetCore
import MartinetHTTP

/// Rewrites the path by a regular expression; the query stays, and `X-Replaced-Path` tells the server the former path (Traefik's
/// `replacePathRegex`). A path that does not match passes as it is.
///
/// The expression sees the escaped path. A result with an escape that is none is a 500, one that cleaning would change a 400
/// (CVE-2026-67309).
package final class ReplacePathRegex: HTTPMiddleware {
    private let pattern: RegularExpression
    private let replacement: ReplacementTemplate

    /// Bytes of a new path that need no memory but the stack.
    private static let usualLength = 512

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
        withUnsafeTemporaryAllocation(byteCount: Self.usualLength, alignment: 1) { memory in
            guard let length = replace(exchange, into: memory) else { return .proceed }
            if length <= memory.count { return ask(exchange, for: UnsafeRawBufferPointer(rebasing: memory[..<length])) }
            var longer = [UInt8](repeating: 0, count: length)
            return longer.withUnsafeMutableBytes { memory in
                _ = replace(exchange, into: memory)
                return ask(exchange, for: UnsafeRawBufferPointer(memory))
            }
        }
    }

    private func replace(_ exchange: Exchange, into memory: UnsafeMutableRawBufferPointer) -> Int? {
        exchange.request.withPath { pattern.replaceAll(in: $0, with: replacement, into: memory) }
    }

    private func ask(_ exchange: Exchange, for path: UnsafeRawBufferPointer) -> RequestOutcome {
        let isPlain = path.first == 0x2F && PathText.isPlain(path)
        if !isPlain, let escape = PathText.brokenEscape(path) {
            return exchange.respondWithPlainText(500, PathText.complaint(escape))
        }
        let former = exchange.request.path
        exchange.request.headers.add(.xReplacedPath, former)
        exchange.request.path = isPlain ? exchange.request.headers.store(path) : escaped(path, exchange)
        return PathSafety.checkClean(exchange)
    }

    private func escaped(_ path: UnsafeRawBufferPointer, _ exchange: Exchange) -> ByteRef {
        var path = PathText.escaped(path)
        if path.first != 0x2F { path.insert(0x2F, at: 0) }
        return path.withUnsafeBytes { exchange.request.headers.store($0) }
    }
}
