package import MartinetConfig
package import MartinetCore
import MartinetHTTP

/// Gives answers without Content-Type one, found out by their first bytes (Traefik's `contentType`, which brings Go's detection back
/// that the entry point switches off). The deprecated `autoDetect: false` makes it do nothing.
package final class ContentType: HTTPMiddleware {
    package let phases: MiddlewarePhases

    package init(_ options: ContentTypeOptions) {
        phases = options.autoDetect == false ? [] : .response
    }

    package func response(_ exchange: Exchange) -> ResponseOutcome {
        // Answers of unknown length may be streams: their head is not to wait for their body.
        guard case .length(let length) = exchange.response.framing, length > 0, exchange.request.method != .head,
            !exchange.response.headers.contains(.contentType)
        else { return .proceed }
        exchange.responseTransforms.append(TypeDetection.shared)
        return .proceed
    }
}
