package import MartinetHTTP
package import NIOCore

/// One request and its answer on their way through the proxy: heads, place in the chain, and what the stations left for each
/// other.
///
/// Lives on the event loop of its connection and is reused for the connection's next request, so it is a class and never crosses
/// threads. A middleware must not keep a reference beyond ``HTTPMiddleware/finished(_:)``.
package final class Exchange {
    // MARK: The request

    package var request = RequestHead()
    /// What is known of the connection it came on.
    package var connection: ConnectionInfo
    /// The scheme the client used, as later stations see it: `https` on TLS, else `http`.
    package var isSecure: Bool { connection.isTLS }
    /// The whole request body, only after a middleware asked for it with ``RequestOutcome/bufferBody(limit:memory:)``.
    package var bufferedBody: ByteBuffer?
    /// Applied to each piece of the request body before it is sent, or collected for a middleware further in.
    package var requestTransform: (any RequestTransform)?

    // MARK: The answer

    package var response = ResponseHead()
    /// The body of an answer the proxy makes itself.
    package var localBody = ByteBuffer()
    /// Whether the answer was made here rather than by a server.
    package var isLocalResponse = false
    /// Applied to each piece of the response body, in the order of the array (innermost middleware first).
    package var responseTransforms: [any BodyTransform] = []
    /// Trailer lines of the server's answer, known once its body has ended.
    package var responseTrailers: TrailerSection?

    // MARK: The way

    /// The chain of the matched router; empty before routing.
    package var chain: [any HTTPMiddleware] = []
    /// How many middlewares of `chain` have seen the request; their response phases run in reverse.
    package var reached = 0
    package var routerName = ""
    /// What was asked for, as access logs show it; nil while the request has not come as far as routing.
    package var routed: RoutedTarget?
    /// `name@provider` of the service that chose the server, of several in turn the innermost.
    package var serviceName = ""
    /// The server the request was sent to last; nil when none was.
    package var server: UpstreamServer?
    /// Sends so far after the first (Traefik's RetryAttempts).
    package var retries = 0
    /// Greatest request body, in bytes, kept for sending again; 0 keeps none, nil no bound. Set by `retry` in its request phase.
    package var replayLimit: Int? = 0
    /// Whether the request body, so far as it was sent, can be sent again. Kept by the connection.
    package var canReplay = true
    /// Whether the peer is appended to `X-Forwarded-For`; `headers` switches it off by setting that header to nothing.
    package var appendsForwardedFor = true
    /// The user an authentication middleware found, for the access log; empty when it asked and got no name.
    package var userName: String?
    /// When the last byte of the request head was read; clock of ``NIODeadline``.
    package var started = NIODeadline.uptimeNanoseconds(0)

    /// What services note about the request, outermost first.
    package internal(set) var passages: [ServicePassage] = []
    /// Copies that take along what passes of the body.
    package var copies: [RequestCopy] = []

    /// Memory of single middlewares, found by the middleware's identity.
    private var slots: [(owner: ObjectIdentifier, value: AnyObject)] = []
    /// The same for middlewares that need to remember no more than a number.
    private var marks: [(owner: ObjectIdentifier, value: UInt64)] = []
    /// The connection. A strong reference, taken back when the exchange ends: a weak one would give the connection a side table
    /// and make each of its retains slow (measured: 6 % of the CPU per request).
    package var driver: (any ExchangeDriver)?

    package init(connection: ConnectionInfo) {
        self.connection = connection
    }

    /// Hands over the answer's head; a fresh one takes its place.
    package func takeResponse() -> ResponseHead {
        var head = ResponseHead()
        swap(&head, &response)
        return head
    }

    /// Forgets the request, keeping the memory for the next one.
    package func reset() {
        request.headers.clear()
        response.headers.clear()
        bufferedBody = nil
        requestTransform = nil
        responseTrailers = nil
        // Emptied only before its next use: whoever is just sending it would make that cost a new allocation.
        if localBody.capacity > 4096 { localBody = ByteBuffer() }
        isLocalResponse = false
        if !responseTransforms.isEmpty { responseTransforms.removeAll() }
        chain = []
        reached = 0
        routerName = ""
        routed = nil
        serviceName = ""
        server = nil
        retries = 0
        replayLimit = 0
        canReplay = true
        appendsForwardedFor = true
        userName = nil
        if !slots.isEmpty { slots.removeAll(keepingCapacity: true) }
        if !marks.isEmpty { marks.removeAll(keepingCapacity: true) }
        if !passages.isEmpty { endPassages(from: 0, isAnswered: false) }
        if !copies.isEmpty { copies = [] }
    }

    // MARK: For middlewares

    /// What `owner` stored for this request.
    package func state<State: AnyObject>(of owner: some HTTPMiddleware, as type: State.Type) -> State? {
        let id = ObjectIdentifier(owner)
        for slot in slots where slot.owner == id { return slot.value as? State }
        return nil
    }

    /// Stores `value` for `owner` until the request is finished.
    package func setState(_ value: AnyObject, of owner: some HTTPMiddleware) {
        let id = ObjectIdentifier(owner)
        slots.removeAll { $0.owner == id }
        slots.append((id, value))
    }

    package func removeState(of owner: some HTTPMiddleware) {
        let id = ObjectIdentifier(owner)
        slots.removeAll { $0.owner == id }
    }

    /// The number `owner` noted for this request, nil when it noted none. Costs no memory once the exchange has been used.
    package func mark(of owner: some HTTPMiddleware) -> UInt64? {
        let id = ObjectIdentifier(owner)
        for mark in marks where mark.owner == id { return mark.value }
        return nil
    }

    /// Notes a number for `owner` until the request is finished; nil forgets it.
    package func setMark(_ value: UInt64?, of owner: some HTTPMiddleware) {
        let id = ObjectIdentifier(owner)
        for index in marks.indices where marks[index].owner == id {
            if let value { marks[index].value = value } else { marks.remove(at: index) }
            return
        }
        if let value { marks.append((id, value)) }
    }

    /// Makes an answer of the proxy's own: sets status, empties headers and body.
    package func setLocalResponse(_ status: UInt16) {
        response.headers.clear()
        response.status = status
        response.version = .http11
        response.reason = .empty
        response.framing = .length(0)
        emptyLocalBody()
        isLocalResponse = true
    }

    /// Keeps the memory of a short body for the next one.
    private func emptyLocalBody() {
        if localBody.capacity > 4096 {
            localBody = ByteBuffer()
        } else if localBody.capacity > 0 {
            localBody.clear()
        }
    }

    /// An answer whose body is the status text, without Content-Type, as Traefik's middlewares answer.
    package func respondWithStatusText(_ status: UInt16) -> RequestOutcome {
        setLocalResponse(status)
        if let text = StatusText.reason(status) { setLocalBody(text.bytes) }
        return .respond
    }

    /// An answer in plain text with a final newline and `X-Content-Type-Options: nosniff`, as Go's `http.Error` writes it.
    package func respondWithPlainText(_ status: UInt16, _ text: StaticString) -> RequestOutcome {
        respondWithPlainText(status, text.bytes)
    }

    package func respondWithPlainText(_ status: UInt16, _ text: String) -> RequestOutcome {
        var text = text
        return text.withUTF8 { respondWithPlainText(status, UnsafeRawBufferPointer($0)) }
    }

    private func respondWithPlainText(_ status: UInt16, _ text: UnsafeRawBufferPointer) -> RequestOutcome {
        setLocalResponse(status)
        response.headers.add(.contentType, "text/plain; charset=utf-8" as StaticString)
        response.headers.add(.xContentTypeOptions, "nosniff" as StaticString)
        setLocalBody(text)
        localBody.writeInteger(UInt8(ascii: "\n"))
        response.framing = .length(UInt64(localBody.readableBytes))
        return .respond
    }

    /// Sets the body of a local answer.
    package func setLocalBody(_ bytes: UnsafeRawBufferPointer) {
        emptyLocalBody()
        localBody.writeBytes(bytes)
        response.framing = .length(UInt64(bytes.count))
    }

    package func setLocalBody(_ text: String) {
        emptyLocalBody()
        localBody.writeString(text)
        response.framing = .length(UInt64(localBody.readableBytes))
    }

    /// Ends a wait: the chain goes on with `outcome` as if the request phase had just returned it. On the event loop only; a
    /// call after the client has left does nothing.
    package func resume(_ outcome: RequestOutcome) {
        driver?.resume(outcome)
    }
}
