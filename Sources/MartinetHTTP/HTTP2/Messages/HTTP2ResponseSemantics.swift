/// Makes a response head of a decoded field section (RFC 9113 §8.3.2).
enum HTTP2ResponseSemantics {
    /// Moves the fields of `section` into `head`. `method` is the request's, which decides whether a body can follow.
    static func apply(
        _ section: inout HTTP2FieldSection, endsStream: Bool, method: HTTPMethod, to head: inout ResponseHead
    ) throws(HTTP2HeadProblem) {
        if let problem = section.problem { throw .malformed(problem) }
        guard !section.isTooLarge else { throw .malformed("the header section is larger than the limit") }
        let status = section.block.withBytes(section.status) { digits -> UInt16 in
            guard digits.count == 3, digits[0] &- 0x31 < 9, digits[1] &- 0x30 < 10, digits[2] &- 0x30 < 10 else {
                return 0
            }
            return UInt16(digits[0] &- 0x30) * 100 + UInt16(digits[1] &- 0x30) * 10 + UInt16(digits[2] &- 0x30)
        }
        guard status > 0 else { throw .malformed(":status is missing or no number (RFC 9113 8.3.2)") }
        // §8.6: there is no protocol to switch to.
        guard status != 101 else { throw .malformed("101 in HTTP/2 (RFC 9113 8.6)") }
        guard status >= 200 || !endsStream else { throw .malformed("an interim answer ends the stream") }
        head.status = status
        head.version = .http2
        head.reason = .empty
        head.keepAlive = true
        swap(&section.block, &head.headers)
        try framing(&head, endsStream: endsStream, method: method)
    }

    private static func framing(
        _ head: inout ResponseHead, endsStream: Bool, method: HTTPMethod
    ) throws(HTTP2HeadProblem) {
        var length: UInt64?
        if let value = head.headers.first(.contentLength) {
            length = head.headers.withBytes(value) { FieldParser.contentLength($0) }
            guard length != nil, head.headers.count(of: .contentLength) == 1 else {
                throw .malformed("Content-Length is repeated or not a plain number")
            }
        }
        if method == .head || head.status < 200 || head.status == 204 || head.status == 304 {
            guard head.status >= 200 || length ?? 0 == 0 else { throw .malformed("an interim answer with a body") }
            head.framing = .none
        } else if endsStream {
            guard length ?? 0 == 0 else { throw .malformed("a body shorter than its length (RFC 9113 8.1.1)") }
            head.framing = .length(0)
        } else if let length {
            head.framing = .length(length)
        } else {
            head.framing = .chunked
        }
    }
}
