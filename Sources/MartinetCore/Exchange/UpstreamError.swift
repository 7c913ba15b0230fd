/// Why no answer came from a server, with what is needed to decide on trying again.
package struct UpstreamError: Error, Sendable, Equatable {
    /// How far the attempt had come.
    package enum Stage: Sendable, Equatable {
        /// No server to send to.
        case select
        case connect
        /// Connected; sending the request or waiting for the head of the answer.
        case exchange
        /// The head of the answer was already passed on.
        case body
    }

    package enum Reason: Sendable, Equatable {
        case noServer, refused, unreachable, nameNotFound, tls, connectTimeout, headerTimeout, reset, closed, malformed
        /// An HTTP/2 stream or connection ended in another way than by an answer.
        case http2
        case responseTooLarge, clientGone, shuttingDown
        /// The proxy has no descriptor left for a connection.
        case exhausted
    }

    package var stage: Stage
    package var reason: Reason
    /// `host:port` of the server.
    package var peer: String
    /// Whether the connection had served a request before: such a one may have died between two requests.
    package var reused: Bool
    /// Whether anything of the answer had arrived.
    package var answered: Bool
    /// Whether the server surely did nothing with the request, so that it may be sent again whatever its method (RFC 9113 §8.7).
    package var unprocessed: Bool
    /// Whether the server wants this request by HTTP/1 (HTTP_1_1_REQUIRED, RFC 9113 §7).
    package var requiresHTTP1: Bool
    /// What went wrong, for the log.
    package var detail: String

    package init(
        stage: Stage, reason: Reason, peer: String, reused: Bool = false, answered: Bool = false,
        unprocessed: Bool = false, requiresHTTP1: Bool = false, detail: String = ""
    ) {
        self.stage = stage
        self.reason = reason
        self.peer = peer
        self.reused = reused
        self.answered = answered
        self.unprocessed = unprocessed
        self.requiresHTTP1 = requiresHTTP1
        self.detail = detail
    }

    /// The status the client gets, as Traefik's proxy answers.
    package var status: UInt16 {
        switch reason {
        case .noServer, .shuttingDown, .exhausted: 503
        case .connectTimeout, .headerTimeout: 504
        case .clientGone: 499
        // Not a network error to Traefik, which answers so; it does not retry it either.
        case .tls, .http2: 500
        // A malformed answer is a network error to the client, whatever the fault was.
        case .refused, .unreachable, .nameNotFound, .reset, .closed, .malformed, .responseTooLarge: 502
        }
    }
}
