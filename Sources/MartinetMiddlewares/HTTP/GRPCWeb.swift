package import MartinetConfig
package import MartinetCore
import MartinetHTTP

/// Turns gRPC-Web, which pages in a browser can speak, into gRPC (Traefik's `grpcWeb`; the protocol is PROTOCOL-WEB.md of gRPC).
///
/// Of a request only its Content-Type, and in the text format the Base64 of its body, differ from gRPC. An answer gets its
/// trailers as the last frame of its body.
package final class GRPCWeb: HTTPMiddleware {
    package let phases: MiddlewarePhases = .response
    private let origins: GRPCWebOrigins

    package init(_ options: GRPCWebOptions) {
        origins = GRPCWebOrigins(options.allowOrigins)
    }

    package func request(_ exchange: Exchange) -> RequestOutcome {
        if GRPCWebOrigins.isPreflight(exchange) {
            if exchange.request.headers.string(.accessControlRequestMethod) ?? "" != "" {
                origins.answerPreflight(exchange)
                return .respond
            }
            exchange.setState(GRPCWebFormat.binary, of: self)
            return .proceed
        }
        guard exchange.request.method == .post, let type = exchange.request.headers.string(.contentType),
            let format = GRPCWebFormat.named(type)
        else { return .proceed }
        exchange.request.headers.set(.contentType, GRPCWebFormat.grpc + type.dropFirst(format.contentType.utf8.count))
        // Of another attempt the body is unpacked already.
        let isFirst = exchange.state(of: self, as: GRPCWebFormat.self) == nil
        exchange.setState(format, of: self)
        return format.isText && isFirst ? unpack(exchange) : passUnsized(exchange)
    }

    /// As in Traefik, the server is told no length.
    private func passUnsized(_ exchange: Exchange) -> RequestOutcome {
        if case .length(let count) = exchange.request.framing, count > 0 { exchange.request.framing = .chunked }
        return .proceed
    }

    /// Has the body unpacked: at once if a middleware further out has read it, else as it comes.
    private func unpack(_ exchange: Exchange) -> RequestOutcome {
        let transform = GRPCWebRequestBody()
        guard var body = exchange.bufferedBody else {
            exchange.requestTransform = transform
            return passUnsized(exchange)
        }
        guard transform.transform(&body, end: true) else { return exchange.respondWithStatusText(500) }
        exchange.bufferedBody = body
        return passUnsized(exchange)
    }

    package func response(_ exchange: Exchange) -> ResponseOutcome {
        guard let format = exchange.state(of: self, as: GRPCWebFormat.self), exchange.response.status >= 200 else {
            return .proceed
        }
        if let type = exchange.response.headers.string(.contentType), type.hasPrefix(GRPCWebFormat.grpc) {
            let rest = type.dropFirst(GRPCWebFormat.grpc.utf8.count)
            exchange.response.headers.set(.contentType, format.contentType + rest)
        }
        exchange.response.headers.remove(mask: HeaderID.trailer.bit | HeaderID.contentLength.bit)
        origins.apply(to: exchange)
        exposeHeaders(exchange)
        exchange.responseTransforms.append(GRPCWebResponseBody(format))
        return .proceed
    }

    /// Lets pages read every header line of the answer, and the status that may be among them.
    private func exposeHeaders(_ exchange: Exchange) {
        let hidden = HeaderID.connection.bit | HeaderID.keepAlive.bit | HeaderID.transferEncoding.bit
        var names: [String] = []
        for entry in exchange.response.headers.entries where entry.id.bit & hidden == 0 {
            let name = exchange.response.headers.string(entry.name)
            if !names.contains(name) { names.append(name) }
        }
        names += ["grpc-status", "grpc-message"]
        exchange.response.headers.set(
            name: "Access-Control-Expose-Headers", value: names.joined(separator: ", "))
    }
}
