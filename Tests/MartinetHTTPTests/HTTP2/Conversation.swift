import MartinetHTTP
import NIOCore

/// A session with a peer made of bytes. What happens is written down as text, one line an event.
final class Conversation {
    var session: HTTP2Session
    private(set) var events: [String] = []
    /// What the session wrote and nobody has looked at yet.
    var output = ByteBuffer()
    private var input = ByteBuffer()
    /// The last heads.
    var request = RequestHead()
    var response = ResponseHead()
    /// Whether bodies are consumed as they come.
    var consumes = true

    init(_ role: HTTP2Role, _ limits: HTTP2Limits? = nil) {
        session = HTTP2Session(role: role, limits: limits ?? (role == .server ? HTTP2Limits() : .backend))
        session.start(into: &output)
    }

    /// A session past the exchange of settings.
    static func open(_ role: HTTP2Role, _ limits: HTTP2Limits? = nil) -> Conversation {
        let conversation = Conversation(role, limits)
        if role == .server { conversation.feed(Wire.preface) }
        conversation.feed(Wire.settings() + Wire.settingsAck)
        conversation.output.clear()
        _ = conversation.takeEvents()
        return conversation
    }

    func takeEvents() -> [String] {
        defer { events = [] }
        return events
    }

    func feed(_ bytes: [UInt8]) {
        input.discardReadBytes()
        input.writeBytes(bytes)
        while true {
            let event = session.next(&input, &output)
            if case .needMore = event { return }
            note(event)
        }
    }

    /// Feeds, and returns the events.
    func hear(_ bytes: [UInt8]) -> [String] {
        feed(bytes)
        return takeEvents()
    }

    var waiting: Int { input.readableBytes }

    private func note(_ event: HTTP2Event) {
        switch event {
        case .needMore: break
        case .settings: events.append("settings")
        case .request(let stream, let end):
            session.takeRequest(into: &request)
            events.append("request \(stream) \(request.methodString) \(request.requestURI)" + (end ? " end" : ""))
        case .refused(let stream, let refusal): events.append("refused \(stream) \(refusal.status)")
        case .interim(let stream):
            session.takeResponse(into: &response)
            events.append("interim \(stream) \(response.status)")
        case .response(let stream, let end):
            session.takeResponse(into: &response)
            events.append("response \(stream) \(response.status)" + (end ? " end" : ""))
        case .data(let stream, let piece, let end):
            events.append("data \(stream) \(String(buffer: piece))" + (end ? " end" : ""))
            if consumes { session.consume(stream, piece.readableBytes, into: &output) }
        case .end(let stream, let trailers):
            let lines = trailers.map { trailers in
                trailers.fields.entries.map {
                    " " + trailers.fields.string($0.name) + "=" + trailers.fields.string($0.value)
                }.joined()
            }
            events.append("end \(stream)" + (lines ?? ""))
        case .reset(let stream, let code, let byPeer):
            events.append("reset \(stream) \(code)" + (byPeer ? " by peer" : ""))
        case .windowOpened(let stream): events.append("window \(stream)")
        case .goAway(let last, let code): events.append("goaway \(last) \(code)")
        case .unprocessed(let stream): events.append("unprocessed \(stream)")
        case .pong(let value): events.append("pong \(value)")
        case .connectionError(let code, _): events.append("closed \(code)")
        }
    }

    var isClosed: Bool { session.isClosed }
    var isDrained: Bool { session.isDrained }
    var waitsForWindow: Bool { session.waitsForWindow }
    var canOpenStream: Bool { session.canOpenStream }
    var isReadingHead: Bool { session.isReadingHead }

    /// Marks what was written; whether there was a need to.
    func mark() -> Bool { session.markOutput() }

    func isOpen(_ stream: HTTP2StreamID) -> Bool { session.isOpen(stream) }

    /// Writes what the windows allow of `body`; whether that was all.
    func write(_ stream: HTTP2StreamID, _ body: inout ByteBuffer, end: Bool) -> Bool {
        session.writeData(stream, &body, end: end, into: &output)
    }

    /// The frames written since the last call: type, stream, flags where they say something, and what matters of the payload.
    func sent() -> [String] {
        var lines: [String] = []
        while let header = output.readMultipleIntegers(as: (UInt32, UInt8, UInt32).self) {
            let (word, flags, stream) = header
            var payload = output.readSlice(length: Int(word >> 8)) ?? ByteBuffer()
            let length = payload.readableBytes
            let code = payload.readInteger(as: UInt32.self) ?? 0
            switch word & 255 {
            case 0: lines.append("DATA \(stream) \(length)" + (flags & 1 == 1 ? " end" : ""))
            case 1: lines.append("HEADERS \(stream)" + (flags & 1 == 1 ? " end" : ""))
            case 3: lines.append("RST \(stream) \(HTTP2ErrorCode(rawValue: code))")
            case 4: lines.append(flags & 1 == 1 ? "SETTINGS ack" : "SETTINGS")
            case 6: lines.append(flags & 1 == 1 ? "PING ack" : "PING")
            case 7:
                let error = payload.readInteger(as: UInt32.self) ?? 0
                lines.append("GOAWAY \(code) \(HTTP2ErrorCode(rawValue: error))")
            case 8: lines.append("WINDOW_UPDATE \(stream) \(code)")
            case 9: lines.append("CONTINUATION \(stream)")
            default: lines.append("frame \(word & 255)")
            }
        }
        return lines
    }

    var lines: [String] {
        request.headers.entries.map { request.headers.string($0.name) + ": " + request.headers.string($0.value) }
    }

    var responseLines: [String] {
        response.headers.entries.map { response.headers.string($0.name) + ": " + response.headers.string($0.value) }
    }
}
