package import MartinetConfig
package import MartinetCore
import MartinetHTTP
import NIOCore

/// Takes what a regular expression matches off the beginning of the path, and tells the server with `X-Forwarded-Prefix` (Traefik's
/// `stripPrefixRegex`). The first expression that matches there is used.
///
/// Expressions see the path as rules do: escapes decoded, save for those of reserved characters. What is cut off is counted in the
/// escaped path, so that the cut is never inside an escape (CVE-2026-40912).
package final class StripPrefixRegex: HTTPMiddleware {
    private let patterns: [RegularExpression]

    /// Throws on an expression that is no good.
    package init(_ options: StripPrefixRegexOptions) throws(MiddlewareError) {
        var patterns: [RegularExpression] = []
        for text in options.regex {
            do {
                patterns.append(try RegularExpression(text.trimmingBlanks()))
            } catch {
                throw MiddlewareError("stripPrefixRegex.regex: \(error)", remedy: "correct the expression")
            }
        }
        self.patterns = patterns
    }

    package func request(_ exchange: Exchange) -> RequestOutcome {
        var decoded = ByteBuffer()
        let isEscaped = exchange.request.withPath { RoutingPath.write($0, to: &decoded) }
        let length =
            isEscaped
            ? decoded.withUnsafeReadableBytes { prefixLength(in: $0) }
            : exchange.request.withPath { prefixLength(in: $0) }
        guard let length else { return .proceed }
        if isEscaped {
            // A control character that was escaped must not become a line end of the header.
            let prefix = decoded.getBytes(at: 0, length: length).map { PathText.withoutControls($0) } ?? []
            let value = prefix.withUnsafeBytes { exchange.request.headers.store($0) }
            exchange.request.headers.add(.xForwardedPrefix, value)
            let cut = exchange.request.withPath { Self.escapedLength(of: length, in: $0) }
            exchange.request.dropFromPath(cut)
        } else {
            let prefix = exchange.request.path.slice(from: 0, length: length)
            exchange.request.headers.add(.xForwardedPrefix, prefix)
            exchange.request.dropFromPath(length)
        }
        return PathSafety.checkClean(exchange)
    }

    /// How long the match is that the path begins with. As in Traefik the first match need not be the beginning itself, if only the
    /// path begins with the same text.
    private func prefixLength(in path: UnsafeRawBufferPointer) -> Int? {
        for pattern in patterns {
            guard let range = pattern.firstRange(in: path), !range.isEmpty else { continue }
            if range.lowerBound == 0 || path[..<range.count].elementsEqual(path[range]) { return range.count }
        }
        return nil
    }

    /// How many bytes of the escaped path the first `count` of the decoded one take.
    private static func escapedLength(of count: Int, in path: UnsafeRawBufferPointer) -> Int {
        var index = 0
        var written = 0
        while index < path.count, written < count {
            if path[index] == 0x25, index + 2 < path.count, let byte = Percent.decode(path[index + 1], path[index + 2])
            {
                written += Percent.isReserved(byte) ? 3 : 1
                index += 3
            } else {
                written += 1
                index += 1
            }
        }
        return index
    }
}
