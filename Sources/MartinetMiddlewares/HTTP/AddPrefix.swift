package import MartinetConfig
package import MartinetCore
import MartinetHTTP
import NIOCore

/// Puts a prefix before the path (Traefik's `addPrefix`).
package final class AddPrefix: HTTPMiddleware {
    private let prefix: String

    /// Throws when the prefix is empty.
    package init(_ options: AddPrefixOptions) throws(MiddlewareError) {
        guard !options.prefix.isEmpty else {
            throw MiddlewareError("addPrefix.prefix is empty", remedy: "give the prefix to put before the path")
        }
        prefix = options.prefix.hasPrefix("/") ? options.prefix : "/" + options.prefix
    }

    package func request(_ exchange: Exchange) -> RequestOutcome {
        var path = ByteBuffer()
        path.writeString(prefix)
        exchange.request.withPath { _ = path.writeBytes($0) }
        exchange.request.path = path.withUnsafeReadableBytes { exchange.request.headers.store($0) }
        return PathSafety.check(exchange)
    }
}
