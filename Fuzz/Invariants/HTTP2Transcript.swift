import MartinetHTTP
import NIOCore

/// A session and what happened in it, as text.
final class HTTP2Transcript {
    var session: HTTP2Session
    private(set) var events: [String] = []
    private(set) var output = ByteBuffer()
    private(set) var hasEnded = false
    private(set) var broken: BrokenInvariant?
    private var input = ByteBuffer()
    /// Pieces of one body are joined, since cuts tell them apart.
    private var lastData: HTTP2StreamID?

    init(_ role: HTTP2Role) {
        var limits = role == .server ? HTTP2Limits() : .backend
        limits.allowsConnectProtocol = true
        session = HTTP2Session(role: role, limits: limits)
        session.start(into: &output)
        if role == .server { feed(Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)[...]) }
        feed([0, 0, 0, 4, 0, 0, 0, 0, 0])
        output.clear()
        guard role == .client else { return }
        for method in ["GET", "HEAD", "POST"] {
            var head = RequestHead()
            head.methodBytes = head.headers.store(method)
            head.method = head.headers.withBytes(head.methodBytes) { HTTPMethod($0) }
            head.setPath("/")
            head.host = head.headers.store("a")
            _ = session.openRequest(head, to: .init(isSecure: true), end: method != "POST", into: &output)
        }
    }

    var waiting: Int { input.readableBytes }

    func feed(_ bytes: ArraySlice<UInt8>) {
        input.discardReadBytes()
        input.writeBytes(bytes)
        while true {
            let event = session.next(&input, &output)
            if case .needMore = event { return }
            do throws(BrokenInvariant) {
                try note(event)
            } catch {
                broken = broken ?? error
            }
        }
    }

    private func note(_ event: HTTP2Event) throws(BrokenInvariant) {
        if case .data(let stream, let piece, let end) = event {
            try require(piece.readableBytes > 0, "a piece of a body is not empty")
            let text = Array(piece.readableBytesView).map { String($0) }.joined(separator: " ")
            if lastData == stream {
                events[events.count - 1] += " " + text + (end ? " end" : "")
            } else {
                events.append("data \(stream) \(text)" + (end ? " end" : ""))
            }
            lastData = end ? nil : stream
            session.consume(stream, piece.readableBytes, into: &output)
            return
        }
        lastData = nil
        switch event {
        case .needMore, .data: break
        case .settings: events.append("settings")
        case .request(let stream, let end): try noteRequest(stream, end)
        case .refused(let stream, let refusal):
            events.append("refused \(stream) \(refusal.status)")
            var head = ResponseHead()
            head.status = refusal.status
            session.writeResponse(stream, head, contentLength: 0, end: true, into: &output)
            session.reset(stream, .noError, into: &output)
        case .interim(let stream): try noteResponse(stream, "interim", false)
        case .response(let stream, let end): try noteResponse(stream, "response", end)
        case .end(let stream, let trailers):
            let lines = trailers?.fields.lines() ?? []
            for line in lines { try line.mustBeClean() }
            events.append("end \(stream) \(lines)")
        case .reset(let stream, let code, let byPeer): events.append("reset \(stream) \(code) \(byPeer)")
        case .windowOpened(let stream): events.append("window \(stream)")
        case .goAway(let last, let code): events.append("goaway \(last) \(code)")
        case .unprocessed(let stream): events.append("unprocessed \(stream)")
        case .pong(let value): events.append("pong \(value)")
        case .connectionError(let code, let reason):
            try require(!hasEnded, "a connection ends once")
            hasEnded = true
            events.append("closed \(code) \(reason)")
        }
    }

    /// The same must hold of it as of a request in HTTP/1.
    private func noteRequest(_ stream: HTTP2StreamID, _ end: Bool) throws(BrokenInvariant) {
        var head = RequestHead()
        session.takeRequest(into: &head)
        let lines = head.headers.lines()
        for line in lines { try line.mustBeClean() }
        try require(lines.count <= 200, "no more lines than the limit")
        let path = head.headers.copy(head.path)
        try require(path.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "the path is visible ASCII")
        try require(!head.host.isEmpty, "there is a host")
        if head.method != .connect {
            try require(path.first == 0x2F || path == [0x2A], "the path begins with a slash, or is *")
        }
        func count(_ id: HeaderID) -> Int { lines.count { $0.id == id } }
        try require(count(.cookie) <= 1, "crumbs of a cookie are one line")
        try require(count(.contentLength) <= 1 && count(.transferEncoding) == 0, "one length at most")
        try require(count(.connection) == 0, "no line of a connection")
        try require(count(.upgrade) == (head.wantsUpgrade ? 1 : 0), "an upgrade is one that was asked for")
        if end { try require(head.framing == .none || head.framing == .length(0), "no body where it has ended") }
        events.append("request \(stream) \(head.methodString) \(head.requestURI) \(head.hostString) \(lines) \(end)")
        // Some are answered, so that streams close in all ways.
        if stream.number % 3 == 1 {
            session.writeResponse(stream, ResponseHead(), contentLength: 0, end: true, into: &output)
        }
    }

    private func noteResponse(_ stream: HTTP2StreamID, _ kind: String, _ end: Bool) throws(BrokenInvariant) {
        var head = ResponseHead()
        session.takeResponse(into: &head)
        let lines = head.headers.lines()
        for line in lines { try line.mustBeClean() }
        try require((100...999).contains(head.status) && head.status != 101, "a status has three digits")
        events.append("\(kind) \(stream) \(head.status) \(lines) \(head.framing) \(end)")
    }
}
