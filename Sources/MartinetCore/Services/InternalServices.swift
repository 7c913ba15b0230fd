/// The services the proxy brings itself, in the namespace of the provider `internal`.
package enum InternalServices {
    /// Name of the provider whose objects the proxy makes itself.
    package static let provider = "internal"

    /// `noop@internal`: answers 418 with nothing in it. For routers whose middlewares always answer, redirections above all.
    package static let noop = LocalService(name: "noop@internal") { exchange in
        exchange.setLocalResponse(418)
        return .respond
    }

    /// What stands at the end of a router that has children: reached only when none of them matches, 404 in plain text.
    package static let noChild = LocalService(name: "") { exchange in
        _ = exchange.respondWithPlainText(404, "404 page not found")
        return .respond
    }
}

/// A service that answers by itself, given as a closure. The closure runs on the event loop of the request.
package final class LocalService: HTTPService {
    package let name: String
    private let answer: @Sendable (Exchange) -> ServiceOutcome

    package init(name: String, answer: @escaping @Sendable (Exchange) -> ServiceOutcome) {
        self.name = name
        self.answer = answer
    }

    package func serve(_ exchange: Exchange) -> ServiceOutcome { answer(exchange) }
}
