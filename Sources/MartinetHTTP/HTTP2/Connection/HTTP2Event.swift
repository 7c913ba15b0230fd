package import NIOCore

/// What received bytes amount to.
package enum HTTP2Event {
    /// All that came was taken; more bytes are needed.
    case needMore
    /// The peer's settings came or changed: streams may be opened, windows may be open.
    case settings
    /// A request's head; ``HTTP2Session/takeRequest(into:)`` has it.
    case request(HTTP2StreamID, end: Bool)
    /// A request that must not be served, but may be answered: with this status, then ``HTTP2Session/reset(_:_:into:)`` with NO_ERROR
    /// if the client has not ended it. What the client still sends is dropped.
    case refused(HTTP2StreamID, HTTP1Refusal)
    /// An interim answer; ``HTTP2Session/takeResponse(into:)`` has it.
    case interim(HTTP2StreamID)
    /// An answer's head; ``HTTP2Session/takeResponse(into:)`` has it.
    case response(HTTP2StreamID, end: Bool)
    /// A piece of a body, a slice of what was read; never empty. Its bytes count against the peer's window until
    /// ``HTTP2Session/consume(_:_:into:)``.
    case data(HTTP2StreamID, ByteBuffer, end: Bool)
    /// The end of a body that did not come with its last piece, with the trailers that may be passed on.
    case end(HTTP2StreamID, TrailerSection?)
    /// The stream is gone: the peer reset it, or we did because of what the peer sent on it. For an exchange in progress only.
    case reset(HTTP2StreamID, HTTP2ErrorCode, byPeer: Bool)
    /// Sending on this stream had to wait, and need not any more; ``HTTP2StreamID/connection`` stands for all of them.
    case windowOpened(HTTP2StreamID)
    /// The peer serves no stream above this one. The ones of ours above it follow as ``unprocessed(_:)``.
    case goAway(last: HTTP2StreamID, HTTP2ErrorCode)
    /// A request of ours that the peer surely did not process, so it can be sent again elsewhere (RFC 9113 §8.7).
    case unprocessed(HTTP2StreamID)
    /// The answer to ``HTTP2Session/ping(_:into:)``.
    case pong(UInt64)
    /// The connection is over for what the peer did. GOAWAY is in the output; write that, then close.
    case connectionError(HTTP2ErrorCode, StaticString)
}
