/// Why a command has no answer. An error that the server answers with is a ``RESPValue/error(_:)`` instead.
package enum RedisError: Error, Sendable, Equatable, CustomStringConvertible {
    /// No connection could be made; with the reason.
    case unreachable(String)
    /// The server turned the connection down: a wrong password, say. With its words.
    case refused(String)
    /// The connection ended before the answer came.
    case connectionLost
    /// The server took too long, to connect or to answer.
    case timeout
    /// What came is not the protocol.
    case malformed(RESPError)
    /// Too many commands wait for their answers.
    case overloaded
    /// The client is closed, or has no connections at all.
    case closed

    package var description: String {
        switch self {
        case .unreachable(let reason): reason
        case .refused(let text): "refused: \(text)"
        case .connectionLost: "the connection was lost"
        case .timeout: "no answer in time"
        case .malformed(let error): "not the Redis protocol: \(error)"
        case .overloaded: "too many commands wait for their answers"
        case .closed: "the client is closed"
        }
    }
}
