/// Which side of a connection one is.
package enum HTTP2Role: Sendable {
    /// Opens streams; our side towards backends.
    case client
    /// Answers them; our side towards clients.
    case server
}
