package import NIOCore

/// Parses request heads (RFC 9112 §3) out of the bytes they arrive in, without copying them.
///
/// Strict: whatever two servers might read in two ways is refused. Feed it the same buffer again after more was appended; it goes
/// on where it stopped.
package struct HTTP1RequestParser: Sendable {
    private let limits: HTTP1Limits
    private var scanner = HeadScanner()

    package init(limits: HTTP1Limits) {
        self.limits = limits
    }

    /// Takes one head from `buffer` into `head`, whose header block then points into what was read.
    package mutating func parse(_ buffer: inout ByteBuffer, into head: inout RequestHead) -> HTTP1ParseResult {
        if scanner.lines == 0, scanner.lineStart == 0 { skipEmptyLine(&buffer) }
        switch buffer.withUnsafeReadableBytes({ scanner.scan($0) }) {
        case .nothing:
            if scanner.lines == 0, buffer.readableBytes > limits.maxStartLine {
                return .refused(HTTP1Refusal(414, "414 Request URI Too Long", "the request line is too long"))
            }
            return buffer.readableBytes > limits.maxHeadBytes ? .refused(Self.tooLarge) : .needMore
        case .bareLineFeed:
            return .refused(.bad("a line ends without a carriage return (RFC 9112 2.2)"))
        case .end(let length):
            scanner.reset()
            guard length <= limits.maxHeadBytes else { return .refused(Self.tooLarge) }
            guard let wire = buffer.readSlice(length: length) else { return .needMore }
            head.headers.reset(wire: wire)
            let refusal = wire.withUnsafeReadableBytes { parse($0, into: &head) }
            return refusal.map { .refused($0) } ?? .head
        }
    }

    private static let tooLarge = HTTP1Refusal(
        431, "431 Request Header Fields Too Large", "the header section is larger than maxHeaderBytes")

    /// RFC 9112 §2.2: an empty line before a request is to be ignored; one, not any number.
    private func skipEmptyLine(_ buffer: inout ByteBuffer) {
        if buffer.readableBytes >= 2, buffer.getInteger(at: buffer.readerIndex, as: UInt16.self) == 0x0D0A {
            buffer.moveReaderIndex(forwardBy: 2)
        }
    }

    private func parse(_ bytes: UnsafeRawBufferPointer, into head: inout RequestHead) -> HTTP1Refusal? {
        var lineEnd = 0
        while bytes[lineEnd] != 0x0A { lineEnd += 1 }
        guard lineEnd <= limits.maxStartLine else {
            return HTTP1Refusal(414, "414 Request URI Too Long", "the request line is too long")
        }
        var refusal: HTTP1Refusal?
        if let wrong = RequestLine.parse(UnsafeRawBufferPointer(rebasing: bytes[..<(lineEnd - 1)]), into: &head) {
            guard wrong.keepsConnection else { return wrong }
            // The rest of the head still tells where the message ends.
            refusal = wrong
        }
        if let wrong = FieldParser.parse(
            bytes, from: lineEnd + 1, to: bytes.count, maxFields: limits.maxFields, into: &head.headers)
        {
            return wrong
        }
        if let wrong = RequestSemantics.apply(to: &head) { return wrong }
        // A body behind a refused head would have to be read first; not worth the risk.
        if let refusal, head.framing != .none {
            return HTTP1Refusal(refusal.status, refusal.body, refusal.reason)
        }
        return refusal
    }
}
