package import MartinetConfig
package import MartinetCore
import MartinetHTTP

/// Compresses answers with gzip, Brotli or Zstandard (Traefik's `compress`).
package final class Compress: HTTPMiddleware {
    package let phases: MiddlewarePhases = .response
    private let offered: [ContentCoding]
    private let fallback: ContentCoding?
    private let minimum: Int
    private let excluded: [String]
    private let included: [String]

    /// Throws on an encoding that is none, or when both lists of types are given.
    package init(_ options: CompressOptions) throws(MiddlewareError) {
        var offered: [ContentCoding] = []
        for name in options.encodings {
            guard let coding = ContentCoding(rawValue: name.lowercased()) else {
                throw MiddlewareError("compress.encodings: \"\(name)\" is not known", remedy: "use gzip, br and zstd")
            }
            offered.append(coding)
        }
        self.offered = offered
        fallback = options.defaultEncoding.isEmpty ? nil : ContentCoding(rawValue: options.defaultEncoding.lowercased())
        if fallback == nil, !options.defaultEncoding.isEmpty {
            throw MiddlewareError(
                "compress.defaultEncoding: \"\(options.defaultEncoding)\" is not known", remedy: "use gzip, br or zstd")
        }
        guard options.excludedContentTypes.isEmpty || options.includedContentTypes.isEmpty else {
            throw MiddlewareError(
                "compress: excludedContentTypes and includedContentTypes exclude each other", remedy: "give one")
        }
        minimum = max(0, options.minResponseBodyBytes)
        excluded = options.excludedContentTypes.map(Self.mediaType) + ["application/grpc"]
        included = options.includedContentTypes.map(Self.mediaType)
    }

    package func response(_ exchange: Exchange) -> ResponseOutcome {
        guard let coding = coding(for: exchange) else { return .proceed }
        addVary(exchange)
        guard mayCompress(exchange) else { return .proceed }
        exchange.responseTransforms.append(CompressionTransform(coding: coding, minimum: minimum))
        return .proceed
    }

    private func coding(for exchange: Exchange) -> ContentCoding? {
        guard exchange.request.method != .head else { return nil }
        guard let value = exchange.request.headers.first(.acceptEncoding) else { return fallback }
        return exchange.request.headers.withBytes(value) { AcceptEncoding.choose($0, offered: offered) }
    }

    private func mayCompress(_ exchange: Exchange) -> Bool {
        mayCompress(exchange.response)
    }

    private func mayCompress(_ response: borrowing ResponseHead) -> Bool {
        guard response.status != 204, response.status != 304, response.status >= 200, !response.framing.isEmpty,
            !response.headers.contains(.contentEncoding),
            !response.headers.contains(.contentRange)
        else { return false }
        if case .length(let length) = response.framing, length < UInt64(minimum) { return false }
        let type = Self.mediaType(response.headers.string(.contentType) ?? "")
        if !included.isEmpty { return included.contains(type) }
        return !excluded.contains(type)
    }

    private func addVary(_ exchange: Exchange) {
        for entry in exchange.response.headers.entries where entry.id == .vary {
            if exchange.response.headers.withBytes(entry.value, { ASCII.list($0, contains: "Accept-Encoding") }) {
                return
            }
        }
        exchange.response.headers.add(.vary, "Accept-Encoding" as StaticString)
    }

    /// `Text/HTML; charset=x` as `text/html`.
    private static func mediaType(_ value: String) -> String {
        String(value.prefix { $0 != ";" }.filter { $0 != " " }).lowercased()
    }
}
