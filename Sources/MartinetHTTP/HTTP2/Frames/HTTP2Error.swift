/// What a received frame did wrong, and what ends for it (RFC 9113 §5.4).
enum HTTP2Error: Error {
    case connection(HTTP2ErrorCode, StaticString)
    case stream(HTTP2StreamID, HTTP2ErrorCode, StaticString)
}
