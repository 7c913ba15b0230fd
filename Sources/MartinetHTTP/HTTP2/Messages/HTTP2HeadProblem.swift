/// Why a head cannot be served.
enum HTTP2HeadProblem: Error {
    /// Not a message at all (RFC 9113 §8.1.1): the stream is reset with PROTOCOL_ERROR.
    case malformed(StaticString)
    /// A message we do not serve, and can say so with a status.
    case refused(HTTP1Refusal)
}
