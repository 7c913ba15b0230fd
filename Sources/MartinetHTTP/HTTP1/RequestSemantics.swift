/// What a request's header lines say about host, framing and connection, and which combinations are refused.
enum RequestSemantics {
    static func apply(to head: inout RequestHead) -> HTTP1Refusal? {
        if let wrong = host(&head) { return wrong }
        if let wrong = framing(&head) { return wrong }
        if let wrong = connection(&head) { return wrong }
        return expect(&head)
    }

    /// RFC 9112 §3.2: exactly one Host in HTTP/1.1, and a valid one.
    private static func host(_ head: inout RequestHead) -> HTTP1Refusal? {
        let count = head.headers.count(of: .host)
        guard count <= 1 else { return .bad("more than one Host header (RFC 9112 3.2)") }
        guard let value = head.headers.first(.host) else {
            if head.version == .http10 || head.method == .connect { return targetHost(head) }
            return HTTP1Refusal(400, "400 Bad Request: missing required Host header", "no Host header (RFC 9112 3.2)")
        }
        guard head.headers.withBytes(value, { isHost($0) }) else {
            return HTTP1Refusal(400, "400 Bad Request: malformed Host header", "the Host header is empty or malformed")
        }
        if head.host.isEmpty {
            head.host = value
            return nil
        }
        return targetHost(head)
    }

    /// The host of a target in absolute form, which is sent on as Host.
    private static func targetHost(_ head: borrowing RequestHead) -> HTTP1Refusal? {
        guard !head.host.isEmpty, !head.headers.withBytes(head.host, { isHost($0) }) else { return nil }
        return .bad("the target's host is malformed")
    }

    private static func isHost(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let allowed = ByteClass.host
        return bytes.count > 0 && bytes.allSatisfy { allowed.contains($0) }
    }

    /// RFC 9112 §6: one way to tell the length, or none.
    private static func framing(_ head: inout RequestHead) -> HTTP1Refusal? {
        head.framing = .none
        if let coding = head.headers.first(.transferEncoding) {
            guard !head.headers.contains(.contentLength) else {
                return .bad("both Content-Length and Transfer-Encoding (RFC 9112 6.1)")
            }
            guard head.version != .http10 else { return .bad("Transfer-Encoding in HTTP/1.0 (RFC 9112 6.1)") }
            guard head.headers.count(of: .transferEncoding) == 1,
                head.headers.withBytes(coding, { ASCII.equalIgnoringCase($0, "chunked") })
            else {
                return HTTP1Refusal(
                    501, "501 Not Implemented: Unsupported transfer encoding", "a transfer coding other than chunked")
            }
            head.framing = .chunked
        } else if let value = head.headers.first(.contentLength) {
            guard head.headers.count(of: .contentLength) == 1 else { return .bad("more than one Content-Length") }
            guard let length = head.headers.withBytes(value, { FieldParser.contentLength($0) }) else {
                return .bad("Content-Length is not a plain number")
            }
            head.framing = .length(length)
        }
        return nil
    }

    /// Most connection options of a request. Each is looked for among all header lines; honest clients send two or three.
    private static let mostConnectionOptions = 100

    /// RFC 9112 §9.3 and §9.6.
    private static func connection(_ head: inout RequestHead) -> HTTP1Refusal? {
        head.keepAlive = head.version == .http11
        head.wantsUpgrade = false
        guard head.headers.contains(.connection) else { return nil }
        var count = 0
        var close = false
        var keep = false
        var upgrade = false
        for entry in head.headers.entries where entry.id == .connection {
            head.headers.withBytes(entry.value) { value in
                ASCII.forEachListItem(value) { item in
                    count += 1
                    if ASCII.equalIgnoringCase(item, "close") { close = true }
                    if ASCII.equalIgnoringCase(item, "keep-alive") { keep = true }
                    if ASCII.equalIgnoringCase(item, "upgrade") { upgrade = true }
                }
            }
        }
        guard count <= mostConnectionOptions else { return .bad("more than 100 connection options") }
        head.keepAlive = !close && (head.version == .http11 || keep)
        if upgrade, head.version == .http11, head.framing.isEmpty,
            let token = head.headers.first(.upgrade)
        {
            // Upgrading to h2c would open a second, unwatched road to the backend.
            head.wantsUpgrade = head.headers.withBytes(token) { !ASCII.list($0, contains: "h2c") }
        }
        return nil
    }

    /// RFC 9110 §10.1.1.
    private static func expect(_ head: inout RequestHead) -> HTTP1Refusal? {
        head.expectsContinue = false
        guard let value = head.headers.first(.expect) else { return nil }
        guard head.headers.count(of: .expect) == 1,
            head.headers.withBytes(value, { ASCII.equalIgnoringCase($0, "100-continue") })
        else { return HTTP1Refusal(417, "417 Expectation Failed", "an expectation other than 100-continue") }
        if head.version == .http10 {
            // To be ignored, and not to be sent on: servers are spoken to in HTTP/1.1, where it would count.
            head.headers.remove(.expect)
        } else {
            head.expectsContinue = !head.framing.isEmpty
        }
        return nil
    }
}
