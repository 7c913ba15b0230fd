package import NIOCore

/// A middleware: built once per configuration, shared by all event loops, called on the loop of each request.
///
/// The chain calls ``request(_:)`` from the outside in. Then, from the inside out and starting with the innermost middleware
/// that saw the request, ``response(_:)`` for whatever answer there is, a server's or one of our own. ``finished(_:)`` comes once
/// for each middleware that saw the request, however it ended. Each phase has a no-op default; ``phases`` names the ones in use
/// so that others cost nothing.
package protocol HTTPMiddleware: AnyObject, Sendable {
    /// Which phases this middleware takes part in besides `request`.
    var phases: MiddlewarePhases { get }

    /// The request, on its way in.
    func request(_ exchange: Exchange) -> RequestOutcome
    /// The request body is in ``Exchange/bufferedBody``, after ``RequestOutcome/bufferBody(limit:memory:)``.
    func requestBody(_ exchange: Exchange) -> RequestOutcome
    /// The body is longer than the limit given with ``RequestOutcome/bufferBody(limit:memory:)``.
    func requestBodyTooLarge(_ exchange: Exchange) -> RequestOutcome
    /// The head of the answer, on its way out.
    func response(_ exchange: Exchange) -> ResponseOutcome
    /// No answer could be had from the server. Asked from the inside out until one does something about it.
    func failure(_ exchange: Exchange, _ error: UpstreamError) -> FailureOutcome
    /// The answer is written, or will never be.
    func finished(_ exchange: Exchange)
}

extension HTTPMiddleware {
    package var phases: MiddlewarePhases { [] }
    package func request(_ exchange: Exchange) -> RequestOutcome { .proceed }
    package func requestBody(_ exchange: Exchange) -> RequestOutcome { .proceed }
    package func requestBodyTooLarge(_ exchange: Exchange) -> RequestOutcome { exchange.respondWithStatusText(413) }
    package func response(_ exchange: Exchange) -> ResponseOutcome { .proceed }
    package func failure(_ exchange: Exchange, _ error: UpstreamError) -> FailureOutcome { .pass }
    package func finished(_ exchange: Exchange) {}
}

/// A middleware that counts, or remembers, beyond one request.
///
/// Each router that names it, and each service, has one of its own, as in Traefik: a limit is a router's limit. The routing compiler
/// sees to that, and keeps them over a change of configuration that does not change the middleware itself.
package protocol StatefulMiddleware: HTTPMiddleware {
    /// Another one with the same options that has counted nothing yet.
    func fresh() -> any HTTPMiddleware
}

/// The optional phases of a middleware.
package struct MiddlewarePhases: OptionSet, Sendable {
    package let rawValue: UInt8
    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let response = MiddlewarePhases(rawValue: 1)
    package static let failure = MiddlewarePhases(rawValue: 2)
    package static let finished = MiddlewarePhases(rawValue: 4)
    /// It may ask for another attempt: the connection keeps a copy of the request as this middleware saw it.
    package static let retry = MiddlewarePhases(rawValue: 8)
    /// It hands answers on whole: interim answers (RFC 9110 §15.2) go no further than to it.
    package static let endsInterim = MiddlewarePhases(rawValue: 16)
}

/// What a request phase decides.
package enum RequestOutcome: Sendable, Equatable {
    /// On to the next middleware, or to the service.
    case proceed
    /// Answer with ``Exchange/response`` and ``Exchange/localBody``; nothing further in is reached.
    case respond
    /// The middleware has started something and will call ``Exchange/resume(_:)``, on the event loop, once.
    case wait
    /// Read the whole request body first, at most `limit` bytes (nil: no bound), then call ``HTTPMiddleware/requestBody(_:)``. A body
    /// longer than `memory` bytes is put into a file, where the middleware does not see it; by default all stays in memory.
    case bufferBody(limit: Int?, memory: Int = .max)
    /// Drop the connection without an answer.
    case abort
}

/// What a response phase decides.
package enum ResponseOutcome: Sendable {
    case proceed
    /// Throw this answer away and send the request again from this middleware inwards, after the delay.
    case retry(after: TimeAmount)
    /// The middleware put a local answer in place (``Exchange/setLocalResponse(_:)``); the server's body is dropped.
    case replaced
    /// Throw this answer away and ask that service with the request the middleware has put in ``Exchange/request``, which has no
    /// body. Middlewares further in are finished. The service's answer goes out from this middleware on, which is asked about it once
    /// more and has to bring the client's request back.
    case ask(any HTTPService)
    /// Keep the whole answer before it goes on, at most `limit` bytes of body (nil: no bound), in a file if it is longer than `memory`
    /// bytes. A longer one is thrown away, and the answer is 500. Middlewares further out see the answer when it is whole.
    case hold(limit: Int?, memory: Int)
}

/// What a failure phase decides.
package enum FailureOutcome: Sendable, Equatable {
    /// Not mine; the next one out decides, and in the end the client gets 502, 503 or 504.
    case pass
    /// Send the request again from this middleware inwards, after the delay.
    case retry(after: TimeAmount)
    /// Answer with ``Exchange/response`` and ``Exchange/localBody``.
    case respond
}

/// Changes a response body as it streams by.
///
/// Made in a response phase, for one response, and appended to ``Exchange/responseTransforms``. The head is written after the first
/// call that returns ``TransformVerdict/release``, so a transform may wait for enough of the body to decide, and set
/// headers until then.
package protocol BodyTransform: AnyObject {
    /// Whether what comes out is as long as what went in, so that the answer's length may still be announced. False by default.
    var keepsLength: Bool { get }
    /// Replaces `chunk` by what is to be sent in its place, maybe nothing. `end`: no more will come. `flush`: the sender paused,
    /// so hold back as little as the format allows.
    func transform(_ chunk: inout ByteBuffer, end: Bool, flush: Bool, _ exchange: Exchange) -> TransformVerdict
}

extension BodyTransform {
    package var keepsLength: Bool { false }
}

/// Changes a request body as it streams by.
///
/// Set in a request phase (``Exchange/requestTransform``), once for a request however often it is sent: another attempt gets the
/// pieces that came out of it.
package protocol RequestTransform: AnyObject {
    /// Replaces `chunk` by what is to be sent in its place, maybe nothing; with `end` no more will come. Returns false for a body
    /// that is broken, which ends the request with 500.
    func transform(_ chunk: inout ByteBuffer, end: Bool) -> Bool
}

/// Whether the response head may be written. With `end` it is written whatever the verdict.
package enum TransformVerdict: Sendable {
    case hold, release
}
