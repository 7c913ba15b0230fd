package import MartinetConfig
package import MartinetCore
import MartinetHTTP

/// Compresses answers with gzip, Brotli or Zstandard (Traefik's `compress`).
package final class Compress: HTTPMiddleware {
    package let phases: MiddlewarePhases = .response
    private let offered: [ContentCoding]
    private let fallback: ContentCoding?
    private let minimum: Int
    private let types: CompressibleTypes

    private static let defaultMinimum = 1024

    /// Throws on an encoding that is none, a default that is not among the others, a type that cannot be read, or when both lists of
    /// types are given.
    package init(_ options: CompressOptions) throws(MiddlewareError) {
        var offered: [ContentCoding] = []
        for name in options.encodings {
            guard let coding = ContentCoding(rawValue: name) else {
                throw MiddlewareError("compress.encodings: \"\(name)\" is not known", remedy: "use gzip, br and zstd")
            }
            offered.append(coding)
        }
        self.offered = offered
        fallback = offered.first { $0.rawValue == options.defaultEncoding }
        if fallback == nil, !options.defaultEncoding.isEmpty {
            throw MiddlewareError(
                "compress.defaultEncoding: \"\(options.defaultEncoding)\" is not one of the encodings",
                remedy: "use one of \(options.encodings.joined(separator: ", "))")
        }
        types = try CompressibleTypes(
            excluded: options.excludedContentTypes, included: options.includedContentTypes)
        minimum = options.minResponseBodyBytes > 0 ? options.minResponseBodyBytes : Self.defaultMinimum
    }

    package func response(_ exchange: Exchange) -> ResponseOutcome {
        guard exchange.request.method != .head, !isExcluded(exchange.request) else { return .proceed }
        var accepted = AcceptEncoding(offered: offered, fallback: fallback)
        for entry in exchange.request.headers.entries where entry.id == .acceptEncoding {
            exchange.request.headers.withBytes(entry.value) { accepted.read($0) }
        }
        let choice = exchange.request.headers.contains(.acceptEncoding) ? accepted.coding : fallback
        guard let coding = choice else { return .proceed }
        addVary(exchange)
        // `*` is enough for gzip only where the configuration says so, as in Traefik.
        guard coding != .gzip || accepted.namesGzip || fallback == .gzip, mayCompress(exchange.response, coding) else {
            return .proceed
        }
        let sniffs = coding == .gzip && !exchange.response.headers.contains(.contentType)
        exchange.responseTransforms.append(
            CompressionTransform(coding: coding, minimum: minimum, sniffing: sniffs ? types : nil))
        return .proceed
    }

    /// Calls of gRPC, for example, are known by their requests.
    private func isExcluded(_ request: borrowing RequestHead) -> Bool {
        guard let type = request.headers.first(.contentType) else { return false }
        return request.headers.withBytes(type) { types.excludes($0) }
    }

    private func mayCompress(_ response: borrowing ResponseHead, _ coding: ContentCoding) -> Bool {
        guard response.status != 204, response.status != 304, response.status >= 200, !response.framing.isEmpty,
            !response.headers.contains(.contentRange)
        else { return false }
        if let encoding = response.headers.first(.contentEncoding), encoding.length > 0 { return false }
        if case .length(let length) = response.framing, length < UInt64(minimum) { return false }
        guard let type = response.headers.first(.contentType) else { return true }
        return response.headers.withBytes(type) { type in
            guard type.count > 0 else { return true }
            // Traefik's gzip goes by the exclusions even then: what cannot be read is none of them.
            guard MediaType.isReadable(type) else { return coding == .gzip && !types.isSelection }
            return types.admits(type)
        }
    }

    private func addVary(_ exchange: Exchange) {
        for entry in exchange.response.headers.entries where entry.id == .vary {
            if exchange.response.headers.withBytes(entry.value, { ASCII.list($0, contains: "Accept-Encoding") }) {
                return
            }
        }
        exchange.response.headers.add(.vary, "Accept-Encoding" as StaticString)
    }
}
