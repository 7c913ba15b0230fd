package import MartinetConfig
package import MartinetCore
import MartinetHTTP

/// Takes the first of its prefixes that the path begins with off the path, and tells the server with `X-Forwarded-Prefix`
/// (Traefik's `stripPrefix`).
package final class StripPrefix: HTTPMiddleware {
    private let prefixes: [[UInt8]]

    package init(_ options: StripPrefixOptions) throws(MiddlewareError) {
        prefixes = options.prefixes.map { Array($0.utf8) }
    }

    package func request(_ exchange: Exchange) -> RequestOutcome {
        for prefix in prefixes {
            guard let length = exchange.request.withPath({ Self.length(of: prefix, in: $0) }) else { continue }
            let forwarded = prefix.withUnsafeBytes { exchange.request.headers.store($0) }
            exchange.request.headers.add(.xForwardedPrefix, forwarded)
            exchange.request.dropFromPath(length)
            return PathSafety.checkClean(exchange)
        }
        return .proceed
    }

    /// How many bytes of the escaped `path` the prefix covers; nil when the path does not begin with it. Escapes count as the
    /// byte they stand for, so that the cut is never inside one.
    private static func length(of prefix: [UInt8], in path: UnsafeRawBufferPointer) -> Int? {
        var index = 0
        for byte in prefix {
            guard index < path.count else { return nil }
            if path[index] == 0x25, index + 2 < path.count, byte != 0x25,
                let decoded = Percent.decode(path[index + 1], path[index + 2])
            {
                guard decoded == byte, !Percent.isReserved(decoded) else { return nil }
                index += 3
            } else {
                guard path[index] == byte else { return nil }
                index += 1
            }
        }
        return index
    }
}
