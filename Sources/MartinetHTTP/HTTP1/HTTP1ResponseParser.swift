package import NIOCore

/// Parses response heads (RFC 9112 §4), as strictly as requests: a server that frames its answers in two ways at once is broken or
/// hostile, and either way its connection cannot be shared.
package struct HTTP1ResponseParser: Sendable {
    private let limits: HTTP1Limits
    private var scanner = HeadScanner()

    package init(limits: HTTP1Limits) {
        self.limits = limits
    }

    /// Takes one head from `buffer` into `head`. `requestMethod` decides whether a body can follow (§6.3).
    package mutating func parse(
        _ buffer: inout ByteBuffer, into head: inout ResponseHead, requestMethod: HTTPMethod
    ) -> HTTP1ParseResult {
        switch buffer.withUnsafeReadableBytes({ scanner.scan($0) }) {
        case .nothing:
            guard buffer.readableBytes <= limits.maxHeadBytes else {
                return .refused(.bad("the header section is too large"))
            }
            return .needMore
        case .bareLineFeed:
            return .refused(.bad("a line ends without a carriage return"))
        case .end(let length):
            scanner.reset()
            guard length <= limits.maxHeadBytes, let wire = buffer.readSlice(length: length) else {
                return .refused(.bad("the header section is too large"))
            }
            head.headers.reset(wire: wire)
            if let refusal = wire.withUnsafeReadableBytes({ parse($0, into: &head) }) { return .refused(refusal) }
            if let refusal = frame(&head, requestMethod) { return .refused(refusal) }
            return .head
        }
    }

    private func parse(_ bytes: UnsafeRawBufferPointer, into head: inout ResponseHead) -> HTTP1Refusal? {
        guard let (line, next) = HeadScanner.startLine(of: bytes), line.count >= 12,
            line.starts(with: ("HTTP/1." as StaticString).bytes), line[7] &- 0x30 < 10,
            line[8] == 0x20, line[9] &- 0x31 < 9, line[10] &- 0x30 < 10, line[11] &- 0x30 < 10,
            line.count == 12 || line[12] == 0x20
        else { return .bad("the status line is malformed (RFC 9112 4)") }
        head.version = line[7] == 0x30 ? .http10 : .http11
        head.status = UInt16(line[9] &- 0x30) * 100 + UInt16(line[10] &- 0x30) * 10 + UInt16(line[11] &- 0x30)
        head.reason = .empty
        if line.count > 13 {
            guard ByteClass.isFieldValue(UnsafeRawBufferPointer(rebasing: line[13...])) else {
                return .bad("the reason phrase holds a control character")
            }
            head.reason = ByteRef(offset: 13, length: line.count - 13, owned: false)
        }
        return FieldParser.parse(
            bytes, from: next, to: bytes.count, maxFields: limits.maxFields, into: &head.headers)
    }

    private func frame(_ head: inout ResponseHead, _ method: HTTPMethod) -> HTTP1Refusal? {
        head.keepAlive = keepAlive(head)
        let coded = head.headers.contains(.transferEncoding)
        let sized = head.headers.contains(.contentLength)
        guard !(coded && sized) else { return .bad("both Content-Length and Transfer-Encoding") }
        var length: UInt64?
        if sized, let value = head.headers.first(.contentLength) {
            length = head.headers.withBytes(value) { FieldParser.contentLength($0) }
            guard length != nil, head.headers.count(of: .contentLength) == 1 else {
                return .bad("Content-Length is repeated or not a plain number")
            }
        }
        if coded, let coding = head.headers.first(.transferEncoding) {
            guard head.version == .http11, head.headers.count(of: .transferEncoding) == 1,
                head.headers.withBytes(coding, { ASCII.equalIgnoringCase($0, "chunked") })
            else { return .bad("a transfer coding other than chunked") }
        }
        if method == .head || head.status < 200 || head.status == 204 || head.status == 304 {
            guard head.status >= 200 || (!coded && !(length.map { $0 > 0 } ?? false)) else {
                return .bad("an interim answer with a body")
            }
            head.framing = .none
        } else if coded {
            head.framing = .chunked
        } else if let length {
            head.framing = .length(length)
        } else {
            head.framing = .untilClose
            head.keepAlive = false
        }
        return nil
    }

    private func keepAlive(_ head: borrowing ResponseHead) -> Bool {
        guard head.headers.contains(.connection) else { return head.version == .http11 }
        var close = false
        var keep = false
        for entry in head.headers.entries where entry.id == .connection {
            head.headers.withBytes(entry.value) { value in
                if ASCII.list(value, contains: "close") { close = true }
                if ASCII.list(value, contains: "keep-alive") { keep = true }
            }
        }
        return !close && (head.version == .http11 || keep)
    }
}
