package import MartinetConfig
package import MartinetCore
import MartinetHTTP
import NIOCore

/// Reads whole requests before they are passed on, and whole answers before they are handed back (Traefik's `buffering`), up to
/// `memRequestBodyBytes` and `memResponseBodyBytes` in memory, beyond that in files. With `retryExpression` requests whose answers are
/// bad are sent again, ten times at most. Interim answers end here, as in Traefik: whatever an attempt says may yet be taken back.
package final class Buffering: HTTPMiddleware {
    package let phases: MiddlewarePhases
    private let requestLimit: Int?
    private let requestMemory: Int
    private let responseLimit: Int?
    private let responseMemory: Int
    private let retries: Condition<BufferingVocabulary>?

    private static let mostRetries: UInt64 = 10
    private static let defaultMemory = 1 << 20

    /// Throws when a size is negative or the expression no good.
    package init(_ options: BufferingOptions) throws(MiddlewareError) {
        for (name, size) in [
            ("maxRequestBodyBytes", options.maxRequestBodyBytes), ("memRequestBodyBytes", options.memRequestBodyBytes),
            ("maxResponseBodyBytes", options.maxResponseBodyBytes),
            ("memResponseBodyBytes", options.memResponseBodyBytes),
        ] where size < 0 {
            throw MiddlewareError(
                "buffering.\(name): \(size) is below 0", remedy: "give a number of bytes; 0 is no bound")
        }
        requestLimit = options.maxRequestBodyBytes == 0 ? nil : options.maxRequestBodyBytes
        requestMemory = options.memRequestBodyBytes == 0 ? Self.defaultMemory : options.memRequestBodyBytes
        responseLimit = options.maxResponseBodyBytes == 0 ? nil : options.maxResponseBodyBytes
        responseMemory = options.memResponseBodyBytes == 0 ? Self.defaultMemory : options.memResponseBodyBytes
        do {
            retries = options.retryExpression.isEmpty ? nil : try Condition(options.retryExpression)
        } catch {
            throw MiddlewareError(
                "buffering.retryExpression: \(error)", remedy: "write for example IsNetworkError() && Attempts() < 3")
        }
        phases = retries == nil ? [.response, .endsInterim] : [.response, .failure, .retry, .endsInterim]
    }

    package func request(_ exchange: Exchange) -> RequestOutcome {
        if retries != nil { exchange.setMark(1, of: self) }
        return .bufferBody(limit: requestLimit, memory: requestMemory)
    }

    package func response(_ exchange: Exchange) -> ResponseOutcome {
        if triesAgain(exchange, status: exchange.response.status) { return .retry(after: .zero) }
        return exchange.isLocalResponse ? .proceed : .hold(limit: responseLimit, memory: responseMemory)
    }

    package func failure(_ exchange: Exchange, _ error: UpstreamError) -> FailureOutcome {
        guard error.reason != .clientGone, triesAgain(exchange, status: error.status) else { return .pass }
        return .retry(after: .zero)
    }

    private func triesAgain(_ exchange: Exchange, status: UInt16) -> Bool {
        guard let retries, let attempts = exchange.mark(of: self), attempts <= Self.mostRetries else { return false }
        let holds = retries.holds { figure in
            switch figure {
            case .attempts: .integer(Int(attempts))
            case .responseCode: .integer(Int(status))
            case .isNetworkError: .flag(status == 502 || status == 504)
            case .requestMethod: .text(exchange.request.methodString)
            }
        }
        if holds { exchange.setMark(attempts + 1, of: self) }
        return holds
    }
}
