package import MartinetConfig
package import MartinetCore
import MartinetHTTP

/// Refuses paths that hold certain characters percent-encoded, all seven unless allowed one by one: 400 without a body (Traefik's
/// `encodedCharacters`). The entry point's option of that name allows all by default; this middleware none.
package final class EncodedCharacters: HTTPMiddleware {
    private let policy: EncodedCharacterPolicy

    package init(_ options: EncodedCharactersOptions) {
        policy = EncodedCharacterPolicy(options)
    }

    package func request(_ exchange: Exchange) -> RequestOutcome {
        guard !exchange.request.withPath({ policy.allows($0) }) else { return .proceed }
        exchange.setLocalResponse(400)
        return .respond
    }
}
