/// A request without its body: the same value for HTTP/1 and HTTP/2.
///
/// `target`, `path`, `query`, `host` and `methodBytes` are runs in `headers`' arenas. The parser fills `target` with the bytes of
/// the request line; the connection then normalises and from there on `path` and `query` are what is routed, forwarded and
/// logged.
package struct RequestHead: ~Copyable {
    package var method: HTTPMethod = .get
    package var methodBytes: ByteRef = .empty
    package var version: HTTPVersion = .http11
    /// The request target as received: origin-form, absolute-form or `*`.
    package var target: ByteRef = .empty
    /// The escaped path, starting with `/` (or `*` for `OPTIONS *`). Of an absolute-form target: the part after the authority.
    package var path: ByteRef = .empty
    /// The query without its `?`; meaningful only if ``hasQuery``.
    package var query: ByteRef = .empty
    package var hasQuery = false
    /// Host and port as the client wrote them: the authority of an absolute-form target, else the Host line. Empty for
    /// HTTP/1.0 without Host.
    package var host: ByteRef = .empty
    package var headers = HeaderBlock()
    package var framing: BodyFraming = .none
    /// Whether the connection may carry another request after this one.
    package var keepAlive = true
    /// The client waits for a 100 before it sends the body.
    package var expectsContinue = false
    /// The request asks for a protocol switch other than h2c (`Connection: upgrade` with an Upgrade line).
    package var wantsUpgrade = false

    package init() {}

    /// Another head that says the same.
    package func copy() -> RequestHead {
        var other = RequestHead()
        other.method = method
        other.methodBytes = methodBytes
        other.version = version
        other.target = target
        other.path = path
        other.query = query
        other.hasQuery = hasQuery
        other.host = host
        other.headers = headers.copy()
        other.framing = framing
        other.keepAlive = keepAlive
        other.expectsContinue = expectsContinue
        other.wantsUpgrade = wantsUpgrade
        return other
    }

    package func withPath<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try headers.withBytes(path, body)
    }

    package var pathString: String { headers.string(path) }
    package var queryString: String? { hasQuery ? headers.string(query) : nil }
    package var hostString: String { headers.string(host) }
    package var methodString: String { headers.string(methodBytes) }

    /// Path and query as one text.
    package var requestURI: String { hasQuery ? pathString + "?" + headers.string(query) : pathString }

    package mutating func setPath(_ text: String) { path = headers.store(text) }

    package mutating func setQuery(_ text: String?) {
        hasQuery = text != nil
        query = text.map { headers.store($0) } ?? .empty
    }
}
