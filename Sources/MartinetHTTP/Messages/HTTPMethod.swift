/// A request method; `other` is any token without a name here (its bytes are in ``RequestHead/methodBytes``).
package enum HTTPMethod: UInt8, Sendable {
    case get, head, post, put, delete, connect, options, trace, patch, other

    package init(_ token: UnsafeRawBufferPointer) {
        // Methods are case-sensitive (RFC 9110 §9.1): `get` is a method of its own.
        switch token.count {
        case 3 where token.elementsEqual("GET".utf8): self = .get
        case 3 where token.elementsEqual("PUT".utf8): self = .put
        case 4 where token.elementsEqual("POST".utf8): self = .post
        case 4 where token.elementsEqual("HEAD".utf8): self = .head
        case 5 where token.elementsEqual("PATCH".utf8): self = .patch
        case 5 where token.elementsEqual("TRACE".utf8): self = .trace
        case 6 where token.elementsEqual("DELETE".utf8): self = .delete
        case 7 where token.elementsEqual("OPTIONS".utf8): self = .options
        case 7 where token.elementsEqual("CONNECT".utf8): self = .connect
        default: self = .other
        }
    }

    /// Whether sending it twice does what sending it once does (RFC 9110 §9.2.2). Unknown methods are taken as not idempotent.
    package var isIdempotent: Bool {
        switch self {
        case .get, .head, .put, .delete, .options, .trace: true
        case .post, .connect, .patch, .other: false
        }
    }
}

/// The protocol version of a message.
package enum HTTPVersion: UInt8, Sendable {
    case http10, http11, http2

    package var text: StaticString {
        switch self {
        case .http10: "HTTP/1.0"
        case .http11: "HTTP/1.1"
        case .http2: "HTTP/2.0"
        }
    }
}

/// How the end of a message body is known (RFC 9112 §6.3).
package enum BodyFraming: Sendable, Equatable {
    /// No body.
    case none
    /// Exactly this many bytes; may be 0.
    case length(UInt64)
    case chunked
    /// Until the connection closes; responses only.
    case untilClose
}
