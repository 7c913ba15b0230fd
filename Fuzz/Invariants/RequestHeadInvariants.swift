import MartinetCore
import MartinetHTTP
import MartinetServer
import NIOCore

/// What must hold for every beginning of a client's connection.
///
/// - It is read the same however it is cut into reads.
/// - What waits for more is within the limits.
/// - What is accepted is unambiguous (``mustBeSound(_:)``).
/// - What is sent on to a server reads as the same request, and as one only.
enum RequestHeadInvariants {
    static func check(_ input: [UInt8]) throws(BrokenInvariant) {
        var whole: Reading<RequestSnapshot>?
        for pieces in Fragments.ways(of: input) {
            let reading = try read(pieces)
            if let whole {
                try whole.mustAgree(with: reading, pieces: pieces.count)
            } else {
                whole = reading
            }
        }
        guard case .value(let snapshot, let consumed) = whole else { return }
        try require(consumed <= input.count, "no more is consumed than has come")
        try mustBeSound(snapshot)
        try ForwardingInvariants.check(input)
    }

    private static func read(_ pieces: [ArraySlice<UInt8>]) throws(BrokenInvariant) -> Reading<RequestSnapshot> {
        let limits = HTTP1Limits.small
        var parser = HTTP1RequestParser(limits: limits)
        var head = RequestHead()
        var buffer = ByteBuffer()
        var fed = 0
        for piece in pieces {
            buffer.writeBytes(piece)
            fed += piece.count
            switch parser.parse(&buffer, into: &head) {
            case .needMore:
                try require(buffer.readableBytes <= limits.maxHeadBytes, "a head that waits is within the limit")
            case .refused(let refusal):
                return .refused(refusal)
            case .head:
                return .value(RequestSnapshot(head), consumed: fed - buffer.readableBytes)
            }
        }
        return .needMore
    }

    private static func mustBeSound(_ head: RequestSnapshot) throws(BrokenInvariant) {
        for line in head.lines { try line.mustBeClean() }
        try require(head.lines.count <= HTTP1Limits.small.maxFields, "no more lines than the limit")
        try require(head.target.count < HTTP1Limits.small.maxStartLine, "the target is within the limit")
        try require(head.target.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "the target is visible ASCII")
        try require(!head.target.contains(0x23) || head.method == .connect, "no fragment passes")
        func count(_ id: HeaderID) -> Int { head.lines.count { $0.id == id } }
        try require(count(.host) <= 1, "one Host at most")
        try require(count(.contentLength) + count(.transferEncoding) <= 1, "one way of framing at most")
        if head.method != .connect {
            try require(head.version == .http10 || !head.host.isEmpty, "HTTP/1.1 has a host")
            try require(
                head.path.first == 0x2F || (head.method == .options && head.path == [0x2A]),
                "the path begins with a slash, or is *")
        }
        switch head.framing {
        case .chunked: try require(head.version == .http11 && count(.transferEncoding) == 1, "chunked says so")
        case .length: try requireEqual(count(.contentLength), 1, "a length has its line")
        case .none: try require(count(.contentLength) + count(.transferEncoding) == 0, "no body, no framing")
        case .untilClose: throw BrokenInvariant("a request never lasts until the connection closes")
        }
    }
}
