package import MartinetConfig
package import MartinetCore
import MartinetHTTP

/// Puts a prefix before the path (Traefik's `addPrefix`).
package final class AddPrefix: HTTPMiddleware {
    private let prefix: [UInt8]

    /// Throws when the prefix is empty.
    package init(_ options: AddPrefixOptions) throws(MiddlewareError) {
        guard !options.prefix.isEmpty else {
            throw MiddlewareError("addPrefix.prefix is empty", remedy: "give the prefix to put before the path")
        }
        prefix = PathText.escaped((options.prefix.hasPrefix("/") ? options.prefix : "/" + options.prefix).utf8)
    }

    package func request(_ exchange: Exchange) -> RequestOutcome {
        exchange.request.path = exchange.request.headers.store(prefix, before: exchange.request.path)
        return PathSafety.check(exchange)
    }
}
