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
        prefix = Array(Self.escaped(options.prefix.hasPrefix("/") ? options.prefix : "/" + options.prefix).utf8)
    }

    /// What would end the path, or is no part of one, percent-encoded; escapes that are there stay.
    private static func escaped(_ prefix: String) -> String {
        var out = ""
        for byte in prefix.utf8 {
            if byte == UInt8(ascii: "?") || byte == UInt8(ascii: "#") || byte >= 0x80 {
                let digits = Percent.digits.bytes
                out += "%"
                out.unicodeScalars.append(Unicode.Scalar(digits[Int(byte >> 4)]))
                out.unicodeScalars.append(Unicode.Scalar(digits[Int(byte & 15)]))
            } else {
                out.unicodeScalars.append(Unicode.Scalar(byte))
            }
        }
        return out
    }

    package func request(_ exchange: Exchange) -> RequestOutcome {
        exchange.request.path = exchange.request.headers.store(prefix, before: exchange.request.path)
        return PathSafety.check(exchange)
    }
}
