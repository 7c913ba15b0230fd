/// A request method; `other` is any token without a name here (its bytes are in ``RequestHead/methodBytes``).
package enum HTTPMethod: UInt8, Sendable {
    case get, head, post, put, delete, connect, options, trace, patch, other

    package init(_ token: UnsafeRawBufferPointer) {
        // Methods are case-sensitive (RFC 9110 §9.1): `get` is a method of its own.
        switch token.count {
        case 3 where ASCII.equal(token, "GET"): self = .get
        case 3 where ASCII.equal(token, "PUT"): self = .put
        case 4 where ASCII.equal(token, "POST"): self = .post
        case 4 where ASCII.equal(token, "HEAD"): self = .head
        case 5 where ASCII.equal(token, "PATCH"): self = .patch
        case 5 where ASCII.equal(token, "TRACE"): self = .trace
        case 6 where ASCII.equal(token, "DELETE"): self = .delete
        case 7 where ASCII.equal(token, "OPTIONS"): self = .options
        case 7 where ASCII.equal(token, "CONNECT"): self = .connect
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

/// The protocol version of a message. Public to be inlined.
public enum HTTPVersion: UInt8, Sendable {
    case http10, http11, http2

    package var text: StaticString {
        switch self {
        case .http10: "HTTP/1.0"
        case .http11: "HTTP/1.1"
        case .http2: "HTTP/2.0"
        }
    }
}

/// How the end of a message body is known (RFC 9112 §6.3). Public to be inlined.
public enum BodyFraming: Sendable, Equatable {
    /// No body.
    case none
    /// Exactly this many bytes; may be 0.
    case length(UInt64)
    case chunked
    /// Until the connection closes; responses only.
    case untilClose

    /// How a request without a body is framed: with a length of 0 if its method leads to expect one (RFC 9110 §8.6).
    package static func ofMissingBody(_ method: HTTPMethod) -> BodyFraming {
        switch method {
        case .post, .put, .patch: .length(0)
        case .get, .head, .delete, .connect, .options, .trace, .other: .none
        }
    }

    @inlinable
    public static func == (a: BodyFraming, b: BodyFraming) -> Bool {
        switch (a, b) {
        case (.none, .none), (.chunked, .chunked), (.untilClose, .untilClose): true
        case (.length(let a), .length(let b)): a == b
        default: false
        }
    }

    /// Whether there is not a single byte: ``none``, or a length of 0.
    @inlinable public var isEmpty: Bool {
        switch self {
        case .none, .length(0): true
        case .length, .chunked, .untilClose: false
        }
    }
}
