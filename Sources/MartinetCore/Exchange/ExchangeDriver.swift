package import MartinetHTTP
package import NIOCore

/// What a connection does for the middlewares of its exchange. All calls on the connection's event loop.
package protocol ExchangeDriver: AnyObject {
    var eventLoop: any EventLoop { get }
    /// See ``Exchange/resume(_:)``.
    func resume(_ outcome: RequestOutcome)
    /// Makes a request of the proxy's own (to an auth server, say) through the upstream pools of this loop. `completion` runs on
    /// this loop, unless the client leaves first: then it never does.
    func call(_ subrequest: Subrequest, completion: @escaping (Result<Subresponse, UpstreamError>) -> Void)
    /// Runs `completion` on this loop after `delay`, unless the exchange ends first.
    func schedule(after delay: TimeAmount, completion: @escaping () -> Void)
    /// Runs work that takes long (a bcrypt hash) on another thread; `completion` runs on this loop, as with `call`.
    func offload<Value: Sendable>(_ work: @escaping @Sendable () -> Value, completion: @escaping (Value) -> Void)
    /// Runs `completion` when `future`, which is one of this loop, has its result, unless the exchange ends first.
    func wait<Value: Sendable>(
        for future: EventLoopFuture<Value>, completion: @escaping (Result<Value, any Error>) -> Void)
    /// The memory that copies of requests may take.
    var copyBudget: BodyBudget { get }
    /// Has the copy take the request's body along: what was sent of it in attempts before, and what is yet to pass.
    func collectBody(in copy: RequestCopy)
    /// Has a service serve a copy of the request, by itself, and throws its answer away. Does nothing when the body did not end, or not
    /// all of it may be copied.
    func send(_ copy: RequestCopy, to service: any HTTPService)
}

/// A request the proxy makes on its own account.
package final class Subrequest {
    /// Where to; made once per configuration from an URL.
    package let server: UpstreamServer
    package let method: String
    /// Path and query, escaped.
    package let requestURI: String
    /// Host header.
    package let host: String
    /// End-to-end lines, complete; Host and framing are added.
    package let headers: HeaderBlock
    package let body: ByteBuffer?
    /// The whole exchange must end within this.
    package let timeout: TimeAmount
    /// Whether the answer's body is wanted; else it is thrown away, however long. Default true.
    package let takesBody: Bool
    /// Greatest answer body in bytes; nil: no bound. A longer one is an ``UpstreamError`` of reason `responseTooLarge`.
    package let maxResponseBody: Int?

    package init(
        server: UpstreamServer, method: String, requestURI: String, host: String, headers: consuming HeaderBlock,
        body: ByteBuffer? = nil,
        timeout: TimeAmount = .seconds(30), takesBody: Bool = true, maxResponseBody: Int? = nil
    ) {
        self.server = server
        self.method = method
        self.requestURI = requestURI
        self.host = host
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.takesBody = takesBody
        self.maxResponseBody = maxResponseBody
    }
}

/// The whole answer to a ``Subrequest``.
package final class Subresponse {
    package let head: ResponseHead
    package let body: ByteBuffer
    package let trailers: TrailerSection?

    package init(head: consuming ResponseHead, body: ByteBuffer, trailers: TrailerSection? = nil) {
        self.head = head
        self.body = body
        self.trailers = trailers
    }
}
