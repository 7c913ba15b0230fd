/// Makes a request head of a decoded field section (RFC 9113 §8.3.1, §8.5; RFC 8441 §4), in the same form HTTP/1 gives it.
enum HTTP2RequestSemantics {
    /// Moves the fields of `section` into `head`.
    /// - Parameters:
    ///   - endsStream: no body follows.
    ///   - allowsConnectProtocol: we announced that extended CONNECT may be used.
    static func apply(
        _ section: inout HTTP2FieldSection, endsStream: Bool, allowsConnectProtocol: Bool, to head: inout RequestHead
    ) throws(HTTP2HeadProblem) {
        if let problem = section.problem { throw .malformed(problem) }
        guard !section.isTooLarge else {
            throw .refused(
                HTTP1Refusal(431, "431 Request Header Fields Too Large", "the header section is larger than the limit"))
        }
        head.version = .http2
        head.keepAlive = true
        head.wantsUpgrade = false
        head.expectsContinue = false
        head.host = .empty
        head.hasQuery = false
        head.query = .empty
        try method(section, &head)
        let isExtended = section.pseudo.contains(.protocolName)
        if isExtended {
            guard allowsConnectProtocol, head.method == .connect else {
                throw .malformed(":protocol without leave (RFC 8441 4)")
            }
        }
        if head.method == .connect, !isExtended {
            try connect(section, &head)
        } else {
            try scheme(section)
            try path(section, &head)
        }
        try host(section, &head)
        if isExtended { try extendedConnect(&section, &head, endsStream: endsStream) }
        section.joinCookies()
        swap(&section.block, &head.headers)
        try framing(&head, endsStream: endsStream)
        try expect(&head)
    }

    private static func method(
        _ section: borrowing HTTP2FieldSection, _ head: inout RequestHead
    ) throws(HTTP2HeadProblem) {
        let token = ByteClass.token
        let isToken = section.block.withBytes(section.method) { bytes in
            bytes.count > 0 && bytes.allSatisfy { token.contains($0) }
        }
        guard isToken else { throw .malformed(":method is missing or no token (RFC 9113 8.3.1)") }
        head.methodBytes = section.method
        head.method = section.block.withBytes(section.method) { HTTPMethod($0) }
    }

    /// §8.5: CONNECT has an authority and nothing else.
    private static func connect(
        _ section: borrowing HTTP2FieldSection, _ head: inout RequestHead
    ) throws(HTTP2HeadProblem) {
        guard section.pseudo == [.method, .authority], !section.authority.isEmpty else {
            throw .malformed("CONNECT with :scheme or :path, or without :authority (RFC 9113 8.5)")
        }
        head.target = section.authority
        head.path = section.authority
    }

    private static func scheme(_ section: borrowing HTTP2FieldSection) throws(HTTP2HeadProblem) {
        guard !section.scheme.isEmpty else { throw .malformed(":scheme is missing (RFC 9113 8.3.1)") }
        let isHTTP = section.block.withBytes(section.scheme) {
            ASCII.equalIgnoringCase($0, "https") || ASCII.equalIgnoringCase($0, "http")
        }
        guard isHTTP else { throw .refused(.bad(":scheme is neither http nor https")) }
    }

    private static func path(
        _ section: borrowing HTTP2FieldSection, _ head: inout RequestHead
    ) throws(HTTP2HeadProblem) {
        let whole = section.path
        guard !whole.isEmpty else { throw .malformed(":path is missing or empty (RFC 9113 8.3.1)") }
        var question: Int?
        var fragment = false
        let isVisible = section.block.withBytes(whole) { bytes in
            for (index, byte) in bytes.enumerated() {
                guard byte > 0x20, byte < 0x7F else { return false }
                if byte == 0x3F, question == nil { question = index }
                if byte == 0x23 { fragment = true }
            }
            return true
        }
        guard isVisible else { throw .malformed(":path holds a character that is not allowed") }
        let first = section.block.withBytes(whole) { $0.first ?? 0 }
        guard first == 0x2F || (first == 0x2A && whole.length == 1 && head.method == .options) else {
            throw .malformed(":path does not begin with a slash (RFC 9113 8.3.1)")
        }
        guard !fragment else { throw .refused(.bad("the target has a fragment")) }
        head.target = whole
        head.path = whole
        if let question {
            head.path = whole.slice(from: 0, length: question)
            head.hasQuery = true
            head.query = whole.slice(from: question + 1, length: whole.length - question - 1)
        }
    }

    /// The authority counts; a Host line may only say the same (§8.3.1).
    private static func host(
        _ section: borrowing HTTP2FieldSection, _ head: inout RequestHead
    ) throws(HTTP2HeadProblem) {
        guard section.block.count(of: .host) <= 1 else { throw .malformed("more than one Host header") }
        let line = section.block.first(.host)
        head.host = section.authority.isEmpty ? line ?? .empty : section.authority
        guard !head.host.isEmpty else {
            throw .refused(
                HTTP1Refusal(400, "400 Bad Request: missing required Host header", "neither :authority nor Host"))
        }
        let allowed = ByteClass.host
        guard section.block.withBytes(head.host, { $0.allSatisfy { allowed.contains($0) } }) else {
            throw .refused(
                HTTP1Refusal(400, "400 Bad Request: malformed Host header", "the authority is malformed"))
        }
        guard let line else { return }
        let agrees = section.block.withBytes(head.host) { host in
            section.block.withBytes(line) { ASCII.equalIgnoringCase(host, $0) }
        }
        guard agrees else { throw .refused(.bad("Host differs from :authority (RFC 9113 8.3.1)")) }
    }

    /// From here on a tunnel asked for is what an HTTP/1 client asks for with Upgrade, so that backends of either kind can open
    /// it. The one who writes to an HTTP/1 backend adds the key (RFC 8441 §5).
    private static func extendedConnect(
        _ section: inout HTTP2FieldSection, _ head: inout RequestHead, endsStream: Bool
    ) throws(HTTP2HeadProblem) {
        let token = ByteClass.token
        // As with Upgrade, HTTP/2 within HTTP/2 would go round everything that looks at requests.
        let isToken = section.block.withBytes(section.protocolName) { bytes in
            bytes.count > 0 && bytes.allSatisfy { token.contains($0) } && !ASCII.equalIgnoringCase(bytes, "h2c")
        }
        guard isToken, !section.authority.isEmpty, !endsStream, !section.block.contains(.contentLength) else {
            throw .malformed("a malformed extended CONNECT (RFC 8441 4)")
        }
        head.method = .get
        head.methodBytes = section.block.store("GET")
        head.wantsUpgrade = true
        section.block.add(.upgrade, section.protocolName)
    }

    private static func framing(_ head: inout RequestHead, endsStream: Bool) throws(HTTP2HeadProblem) {
        head.framing = endsStream || head.wantsUpgrade ? .none : .chunked
        guard let value = head.headers.first(.contentLength) else { return }
        guard head.headers.count(of: .contentLength) == 1,
            let length = head.headers.withBytes(value, { FieldParser.contentLength($0) })
        else { throw .malformed("Content-Length is repeated or not a plain number") }
        guard !endsStream || length == 0 else { throw .malformed("a body shorter than its length (RFC 9113 8.1.1)") }
        guard head.method != .connect else { throw .malformed("CONNECT with a length (RFC 9110 9.3.6)") }
        head.framing = .length(length)
    }

    /// RFC 9110 §10.1.1.
    private static func expect(_ head: inout RequestHead) throws(HTTP2HeadProblem) {
        guard let value = head.headers.first(.expect) else { return }
        guard head.headers.count(of: .expect) == 1,
            head.headers.withBytes(value, { ASCII.equalIgnoringCase($0, "100-continue") })
        else {
            throw .refused(
                HTTP1Refusal(417, "417 Expectation Failed", "an expectation other than 100-continue"))
        }
        head.expectsContinue = !head.framing.isEmpty
    }
}
