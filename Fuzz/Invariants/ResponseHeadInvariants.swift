import MartinetHTTP
import MartinetServer
import NIOCore

/// What must hold for every beginning of a server's answer: the same as for requests.
enum ResponseHeadInvariants {
    static func check(_ input: [UInt8]) throws(BrokenInvariant) {
        for method in [HTTPMethod.get, .head] {
            var whole: Reading<ResponseSnapshot>?
            for pieces in Fragments.ways(of: input) {
                let reading = try read(pieces, method)
                if let whole {
                    try whole.mustAgree(with: reading, pieces: pieces.count)
                } else {
                    whole = reading
                }
            }
            guard case .value(let snapshot, let consumed) = whole else { continue }
            try require(consumed <= input.count, "no more is consumed than has come")
            try mustBeSound(snapshot, method)
            try mustSurviveWriting(input, method)
        }
    }

    private static func read(
        _ pieces: [ArraySlice<UInt8>], _ method: HTTPMethod
    ) throws(BrokenInvariant) -> Reading<ResponseSnapshot> {
        let limits = HTTP1Limits.small
        var parser = HTTP1ResponseParser(limits: limits)
        var head = ResponseHead()
        var buffer = ByteBuffer()
        var fed = 0
        for piece in pieces {
            buffer.writeBytes(piece)
            fed += piece.count
            switch parser.parse(&buffer, into: &head, requestMethod: method) {
            case .needMore:
                try require(buffer.readableBytes <= limits.maxHeadBytes, "a head that waits is within the limit")
            case .refused(let refusal):
                return .refused(refusal)
            case .head:
                return .value(ResponseSnapshot(head), consumed: fed - buffer.readableBytes)
            }
        }
        return .needMore
    }

    private static func mustBeSound(_ head: ResponseSnapshot, _ method: HTTPMethod) throws(BrokenInvariant) {
        for line in head.lines { try line.mustBeClean() }
        try require(head.lines.count <= HTTP1Limits.small.maxFields, "no more lines than the limit")
        try require((100...999).contains(head.status), "a status has three digits")
        try require(head.reason.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }, "a reason has no controls")
        func count(_ id: HeaderID) -> Int { head.lines.count { $0.id == id } }
        try require(count(.contentLength) + count(.transferEncoding) <= 1, "one way of framing at most")
        if method == .head || head.status < 200 || head.status == 204 || head.status == 304 {
            try requireEqual(head.framing, .none, "an answer without a body")
        }
        if head.framing == .untilClose { try require(!head.keepAlive, "a body until close ends its connection") }
    }

    /// What the client gets reads as the same answer, and as one only.
    private static func mustSurviveWriting(_ input: [UInt8], _ method: HTTPMethod) throws(BrokenInvariant) {
        var buffer = ByteBuffer(bytes: input)
        var head = ResponseHead()
        var parser = HTTP1ResponseParser(limits: .small)
        guard case .head = parser.parse(&buffer, into: &head, requestMethod: method) else {
            throw BrokenInvariant("what was accepted once is accepted again")
        }
        ConnectionTokens.removeListed(from: &head.headers)
        let sent = ResponseSnapshot(head)
        var out = ByteBuffer()
        if head.isInformational {
            ResponseHeadWriter.writeInterim(head, into: &out)
        } else {
            let options = ResponseHeadWriter.Options(
                version: .http11, framing: head.framing, keepAlive: head.keepAlive, announcedLength: nil)
            ResponseHeadWriter.write(head, options, date: ByteBuffer(string: "now"), into: &out)
        }
        var copy = ResponseHead()
        var second = HTTP1ResponseParser(limits: HTTP1Limits())
        guard case .head = second.parse(&out, into: &copy, requestMethod: method) else {
            throw BrokenInvariant("what is sent on is a whole head, and accepted")
        }
        try requireEqual(out.readableBytes, 0, "nothing is left behind a head that was sent on")
        let got = ResponseSnapshot(copy)
        try requireEqual(got.status, sent.status, "the status")
        try requireEqual(got.framing, sent.framing, "the framing")
        if !head.isInformational { try requireEqual(got.keepAlive, sent.keepAlive, "whether the connection goes on") }
        // A date is added where there is none.
        let mask = HopByHop.response | (head.headers.contains(.date) ? 0 : HeaderID.date.bit)
        try requireEqual(
            got.lines.filter { mask & $0.id.bit == 0 }.map(\.folded),
            sent.lines.filter { mask & $0.id.bit == 0 }.map(\.folded), "the other lines")
    }
}
