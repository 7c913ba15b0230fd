package import MartinetHTTP

/// What a request asked for when it was routed: normalised by the entry point, not yet changed by middlewares. Runs in the
/// arenas of the request's headers, which only grow while the exchange lasts.
package struct RoutedTarget: Sendable, Equatable {
    /// Host and port as the client wrote them; may be empty.
    package var host = ByteRef.empty
    /// The escaped path.
    package var path = ByteRef.empty
    /// The query without its `?`; meaningful only if ``hasQuery``.
    package var query = ByteRef.empty
    package var hasQuery = false

    package init() {}

    package init(_ request: borrowing RequestHead) {
        host = request.host
        path = request.path
        query = request.query
        hasQuery = request.hasQuery
    }
}
