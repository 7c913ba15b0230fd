/// Bounds on what is read before anything is decided. All in bytes but `maxFields`.
package struct HTTP1Limits: Sendable {
    /// Start line and header section together. Default 64 KiB.
    package var maxHeadBytes = 65536
    /// Start line. RFC 9110 §4.1 asks for 8,000 at least. Default 32 KiB.
    package var maxStartLine = 32768
    /// Header lines, and trailer lines. Default 200.
    package var maxFields = 200
    /// Trailer section. Default 8 KiB.
    package var maxTrailerBytes = 8192
    /// A chunk's size line with its extensions. Default 4 KiB.
    package var maxChunkLine = 4096

    package init() {}
}

/// What a parser made of the bytes so far.
package enum HTTP1ParseResult: Sendable {
    case needMore
    /// The head is whole; the buffer's reader index is past it.
    case head
    case refused(HTTP1Refusal)
}

/// Why a message cannot be served. Framing is never repaired: two parsers that mend it differently see two different requests.
package struct HTTP1Refusal: Error, Equatable, Sendable {
    /// Status for the client: 400, 414, 417, 431, 501 or 505. A refused response is a 502 whatever stands here.
    package let status: UInt16
    /// Body of the answer; empty for none.
    package let body: StaticString
    /// What was wrong, for the log.
    package let reason: StaticString
    /// Whether the end of the message is known all the same, so that the connection may go on.
    package let keepsConnection: Bool

    package init(_ status: UInt16, _ body: StaticString, _ reason: StaticString, keepsConnection: Bool = false) {
        self.status = status
        self.body = body
        self.reason = reason
        self.keepsConnection = keepsConnection
    }

    package static func bad(_ reason: StaticString) -> HTTP1Refusal { HTTP1Refusal(400, "400 Bad Request", reason) }

    package static func == (a: HTTP1Refusal, b: HTTP1Refusal) -> Bool {
        a.status == b.status && a.keepsConnection == b.keepsConnection && a.reason.bytes.elementsEqual(b.reason.bytes)
    }
}
