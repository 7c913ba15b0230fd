package import NIOCore

/// Parses request heads (RFC 9112 §3) out of the bytes they arrive in, without copying them.
///
/// Strict: whatever two servers might read in two ways is refused. Feed it the same buffer again after more was appended; it goes
/// on where it stopped.
package struct HTTP1RequestParser: Sendable {
    private let limits: HTTP1Limits
    private var scanner = HeadScanner()
    /// Whether the empty line that may stand before a request is behind us, or cannot come any more.
    private var begun = false

    package init(limits: HTTP1Limits) {
        self.limits = limits
    }

    /// Takes one head from `buffer` into `head`, whose header block then points into what was read.
    package mutating func parse(_ buffer: inout ByteBuffer, into head: inout RequestHead) -> HTTP1ParseResult {
        if !begun, !begin(&buffer) { return .needMore }
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
            begun = false
            guard length <= limits.maxHeadBytes else { return .refused(Self.tooLarge) }
            guard let wire = buffer.readSlice(length: length) else { return .needMore }
            head.headers.reset(wire: wire)
            let refusal = wire.withUnsafeReadableBytes { parse($0, into: &head) }
            return refusal.map { .refused($0) } ?? .head
        }
    }

    private static let tooLarge = HTTP1Refusal(
        431, "431 Request Header Fields Too Large", "the header section is larger than maxHeaderBytes")

    /// RFC 9112 §2.2: an empty line before a request is to be ignored; one, not any number, and however it is cut into reads.
    /// Returns whether enough has come to tell.
    private mutating func begin(_ buffer: inout ByteBuffer) -> Bool {
        guard let first = buffer.getInteger(at: buffer.readerIndex, as: UInt8.self) else { return false }
        if first == 0x0D {
            guard let line = buffer.getInteger(at: buffer.readerIndex, as: UInt16.self) else { return false }
            if line == 0x0D0A { buffer.moveReaderIndex(forwardBy: 2) }
        }
        begun = true
        return true
    }

    private func parse(_ bytes: UnsafeRawBufferPointer, into head: inout RequestHead) -> HTTP1Refusal? {
        guard let (line, next) = HeadScanner.startLine(of: bytes) else {
            return .bad("the request line is malformed (RFC 9112 3)")
        }
        guard line.count < limits.maxStartLine else {
            return HTTP1Refusal(414, "414 Request URI Too Long", "the request line is too long")
        }
        var refusal: HTTP1Refusal?
        if let wrong = RequestLine.parse(line, into: &head) {
            guard wrong.keepsConnection else { return wrong }
            // The rest of the head still tells where the message ends.
            refusal = wrong
        }
        if let wrong = FieldParser.parse(
            bytes, from: next, to: bytes.count, maxFields: limits.maxFields, into: &head.headers)
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
