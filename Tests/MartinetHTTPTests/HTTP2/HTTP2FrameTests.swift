import MartinetHTTP
import NIOCore
import Testing

/// Frames that break the rules of RFC 9113 §3 to §6, each behind an open request on stream 1 and an ended one on stream 3.
@Suite struct HTTP2FrameTests {
    private static func started() -> Conversation {
        let peer = Conversation.open(.server)
        peer.feed(Wire.headers(1, Wire.request(), end: false) + Wire.headers(3, Wire.request()))
        _ = peer.takeEvents()
        return peer
    }

    private static let fields = Wire.block(Wire.request())

    static let connectionRows: [HTTP2RequestRow] = [
        .frames("a frame too large", [0, 0x40, 1, 0, 0, 0, 0, 0, 1], ["closed FRAME_SIZE_ERROR"]),
        .frames("DATA on stream 0", Wire.data(0, "x"), ["closed PROTOCOL_ERROR"]),
        .frames("DATA on an idle stream", Wire.data(9, "x"), ["closed PROTOCOL_ERROR"]),
        .frames(
            "DATA with more padding than payload", Wire.frame(0, 8, 1, [5, 0, 0, 0, 0]), ["closed PROTOCOL_ERROR"]),
        .frames("DATA without its padding's length", Wire.frame(0, 8, 1), ["closed FRAME_SIZE_ERROR"]),
        .frames("HEADERS on stream 0", Wire.headers(0, Wire.request()), ["closed PROTOCOL_ERROR"]),
        .frames(
            "HEADERS below a stream that was opened", Wire.headers(9, Wire.request()) + Wire.headers(7, Wire.request()),
            ["request 9 GET /x end", "closed PROTOCOL_ERROR"]),
        .frames("HEADERS on an even stream", Wire.headers(2, Wire.request()), ["closed PROTOCOL_ERROR"]),
        .frames(
            "HEADERS with more padding than payload", Wire.frame(1, 13, 5, [200] + fields), ["closed PROTOCOL_ERROR"]),
        .frames("HEADERS without its priority", Wire.frame(1, 37, 5, [0, 0]), ["closed FRAME_SIZE_ERROR"]),
        .frames("HEADERS without its padding's length", Wire.frame(1, 13, 5), ["closed FRAME_SIZE_ERROR"]),
        .frames("H26 a broken field block", Wire.frame(1, 5, 5, [0xFF, 0x80]), ["closed COMPRESSION_ERROR"]),
        .frames(
            "a broken field block on a stream that ended", Wire.frame(1, 5, 3, [0x80]), ["closed COMPRESSION_ERROR"]),
        .frames("a frame within a field section", Wire.frame(1, 1, 5, fields) + Wire.ping(), ["closed PROTOCOL_ERROR"]),
        .frames(
            "CONTINUATION of another stream", Wire.frame(1, 1, 5, fields) + Wire.frame(9, 4, 7),
            ["closed PROTOCOL_ERROR"]),
        .frames(
            "an unknown frame within a field section", Wire.frame(1, 1, 5, fields) + Wire.frame(77, 0, 5),
            ["closed PROTOCOL_ERROR"]),
        .frames("CONTINUATION alone", Wire.frame(9, 4, 5, fields), ["closed PROTOCOL_ERROR"]),
        .frames(
            "CONTINUATION behind a whole section", Wire.headers(5, Wire.request()) + Wire.frame(9, 4, 5),
            ["request 5 GET /x end", "closed PROTOCOL_ERROR"]),
        .frames("PRIORITY on stream 0", Wire.frame(2, 0, 0, [0, 0, 0, 0, 0]), ["closed PROTOCOL_ERROR"]),
        .frames("RST_STREAM on stream 0", Wire.reset(0), ["closed PROTOCOL_ERROR"]),
        .frames("RST_STREAM on an idle stream", Wire.reset(9), ["closed PROTOCOL_ERROR"]),
        .frames("RST_STREAM of three bytes", Wire.frame(3, 0, 1, [0, 0, 0]), ["closed FRAME_SIZE_ERROR"]),
        .frames("SETTINGS on a stream", Wire.frame(4, 0, 1), ["closed PROTOCOL_ERROR"]),
        .frames("SETTINGS of five bytes", Wire.frame(4, 0, 0, [0, 0, 0, 0, 0]), ["closed FRAME_SIZE_ERROR"]),
        .frames(
            "an acknowledgement with settings", Wire.frame(4, 1, 0, [0, 1, 0, 0, 0, 0]), ["closed FRAME_SIZE_ERROR"]),
        .frames("H23 an acknowledgement of nothing", Wire.settingsAck, ["closed PROTOCOL_ERROR"]),
        .frames("ENABLE_PUSH of 2", Wire.settings([(2, 2)]), ["closed PROTOCOL_ERROR"]),
        .frames("INITIAL_WINDOW_SIZE of 2^31", Wire.settings([(4, 0x8000_0000)]), ["closed FLOW_CONTROL_ERROR"]),
        .frames("MAX_FRAME_SIZE of 16383", Wire.settings([(5, 16383)]), ["closed PROTOCOL_ERROR"]),
        .frames("MAX_FRAME_SIZE of 2^24", Wire.settings([(5, 1 << 24)]), ["closed PROTOCOL_ERROR"]),
        .frames("ENABLE_CONNECT_PROTOCOL of 2", Wire.settings([(8, 2)]), ["closed PROTOCOL_ERROR"]),
        .frames("ENABLE_CONNECT_PROTOCOL taken back", Wire.settings([(8, 1), (8, 0)]), ["closed PROTOCOL_ERROR"]),
        .frames("PUSH_PROMISE of a client", Wire.frame(5, 4, 1, Wire.int(2) + fields), ["closed PROTOCOL_ERROR"]),
        .frames("PING on a stream", Wire.frame(6, 0, 1, [UInt8](repeating: 0, count: 8)), ["closed PROTOCOL_ERROR"]),
        .frames("PING of six bytes", Wire.frame(6, 0, 0, [UInt8](repeating: 0, count: 6)), ["closed FRAME_SIZE_ERROR"]),
        .frames("GOAWAY on a stream", Wire.frame(7, 0, 1, [UInt8](repeating: 0, count: 8)), ["closed PROTOCOL_ERROR"]),
        .frames("GOAWAY of four bytes", Wire.frame(7, 0, 0, [0, 0, 0, 0]), ["closed FRAME_SIZE_ERROR"]),
        .frames("H10 WINDOW_UPDATE of 0 of the connection", Wire.windowUpdate(0, 0), ["closed PROTOCOL_ERROR"]),
        .frames(
            "H10 a window of the connection beyond 2^31-1", Wire.windowUpdate(0, 0x7FFF_FFFF),
            ["closed FLOW_CONTROL_ERROR"]),
        .frames("WINDOW_UPDATE on an idle stream", Wire.windowUpdate(9, 1), ["closed PROTOCOL_ERROR"]),
        .frames("WINDOW_UPDATE of three bytes", Wire.frame(8, 0, 1, [0, 0, 0]), ["closed FRAME_SIZE_ERROR"]),
        .frames(
            "an initial window that pushes a stream's beyond 2^31-1",
            Wire.windowUpdate(1, 0x7FFF_0000 - 65535) + Wire.settings([(4, 0x7FFF_0000)]), ["closed FLOW_CONTROL_ERROR"]
        ),
    ]

    @Test(arguments: connectionRows) func theConnectionEnds(_ row: HTTP2RequestRow) {
        let peer = Self.started()
        #expect(peer.hear(row.frames) == row.events)
        let code = row.events.last?.split(separator: " ").last ?? ""
        #expect(peer.sent().last?.hasSuffix("\(code)") == true)
        // Nothing is heard afterwards.
        #expect(peer.hear(Wire.headers(11, Wire.request())) == [])
        #expect(peer.waiting == 0)
    }

    static let streamRows: [HTTP2RequestRow] = [
        .frames("H10 WINDOW_UPDATE of 0", Wire.windowUpdate(1, 0), ["reset 1 PROTOCOL_ERROR"]),
        .frames("H10 a window beyond 2^31-1", Wire.windowUpdate(1, 0x7FFF_FFFF), ["reset 1 FLOW_CONTROL_ERROR"]),
        .frames("H10 PRIORITY of four bytes", Wire.frame(2, 0, 1, [0, 0, 0, 0]), ["reset 1 FRAME_SIZE_ERROR"]),
        .frames("H10 DATA behind the end", Wire.data(3, "x"), ["reset 3 STREAM_CLOSED"]),
        .frames("H10 HEADERS behind the end", Wire.headers(3, Wire.request()), ["reset 3 STREAM_CLOSED"]),
    ]

    @Test(arguments: streamRows) func theStreamEnds(_ row: HTTP2RequestRow) {
        let peer = Self.started()
        #expect(peer.hear(row.frames) == row.events)
        #expect(peer.sent() == row.events.map { $0.replacing("reset", with: "RST") })
        #expect(peer.hear(Wire.headers(11, Wire.request())) == ["request 11 GET /x end"])
    }

    static let ignoredRows: [HTTP2RequestRow] = [
        .frames("an unknown frame", Wire.frame(77, 255, 1, [1, 2, 3]), []),
        .frames("an unknown setting", Wire.settings([(99, 1)]), ["settings"]),
        .frames("PRIORITY", Wire.frame(2, 0, 1, [0, 0, 0, 0, 9]), []),
        .frames("H10 a stream that depends on itself", Wire.frame(2, 0, 1, [0, 0, 0, 1, 9]), []),
        .frames("PRIORITY on an idle stream", Wire.frame(2, 0, 99, [0, 0, 0, 0, 9]), []),
        .frames("a reserved bit", Wire.frame(8, 0, 0x8000_0001, Wire.int(0x8000_0001)), []),
        .frames("GOAWAY", Wire.goAway(0), ["goaway 0 NO_ERROR"]),
        .frames("an answer to our PING", Wire.frame(6, 1, 0, [0, 0, 0, 0, 0, 0, 0, 5]), ["pong 5"]),
        .frames("no padding at all", Wire.frame(0, 8, 1, [0]), []),
    ]

    @Test(arguments: ignoredRows) func theConnectionGoesOn(_ row: HTTP2RequestRow) {
        let peer = Self.started()
        #expect(peer.hear(row.frames) == row.events)
        #expect(!peer.sent().contains { $0.hasPrefix("RST") || $0.hasPrefix("GOAWAY") })
        #expect(peer.hear(Wire.headers(11, Wire.request())) == ["request 11 GET /x end"])
    }

    @Test func closedStreamsAreForgivenWhatWasOnItsWay() {
        let peer = Self.started()
        peer.session.reset(HTTP2StreamID(1), .cancel, into: &peer.output)
        _ = peer.sent()
        #expect(
            peer.hear(Wire.data(1, "x") + Wire.windowUpdate(1, 1) + Wire.headers(1, [("a", "b")]) + Wire.reset(1)) == []
        )
        #expect(peer.sent() == [])
    }

    @Test func streamsTheClientEndedAreNotReopened() {
        let peer = Self.started()
        #expect(peer.hear(Wire.reset(1)) == ["reset 1 CANCEL by peer"])
        #expect(peer.hear(Wire.data(1, "x")) == [])
        #expect(peer.sent() == ["RST 1 STREAM_CLOSED"])
        let other = Self.started()
        _ = other.hear(Wire.reset(1))
        #expect(other.hear(Wire.headers(1, Wire.request())) == ["closed STREAM_CLOSED"])
    }

    @Test(arguments: ["GET / HTTP/1.1\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nX", "PRI * HTTP/1.0", "\u{16}\u{3}\u{1}"])
    func otherProtocolsAreRefusedAtOnce(_ text: String) {
        let peer = Conversation(.server)
        _ = peer.sent()
        #expect(peer.hear(Array((text + "........").utf8)) == ["closed PROTOCOL_ERROR"] || text.hasSuffix("X"))
    }

    @Test func thePrefaceIsFollowedBySettings() {
        let peer = Conversation(.server)
        #expect(peer.sent() == ["SETTINGS", "WINDOW_UPDATE 0 983041"])
        #expect(peer.hear(Wire.preface + Wire.headers(1, Wire.request())) == ["closed PROTOCOL_ERROR"])
    }

    @Test func settingsAndPingsAreAnswered() {
        let peer = Conversation.open(.server)
        #expect(
            peer.hear(Wire.settings([(1, 0), (3, 5), (4, 10), (5, 20000), (6, 1000)]) + Wire.ping()) == ["settings"])
        #expect(peer.sent() == ["SETTINGS ack", "PING ack"])
        #expect(peer.session.peer.maxFrameSize == 20000)
        #expect(peer.session.peer.maxConcurrentStreams == 5)
        #expect(peer.session.peer.maxHeaderListSize == 1000)
    }

    /// RFC 7541 §4.2: the peer has dropped what was in the table when its limit was at its lowest.
    @Test func theSmallestTableOfAFrameOfSettingsIsSaid() {
        let peer = Self.started()
        peer.feed(Wire.settings([(1, 0), (1, 4096)]))
        peer.output.clear()
        peer.session.writeResponse(HTTP2StreamID(1), ResponseHead(), end: true, into: &peer.output)
        #expect(Array(peer.output.readableBytesView.dropFirst(9).prefix(4)) == [0x20, 0x3F, 0xE1, 0x1F])
    }

    /// §5.4.2: RST_STREAM is sent once, however often the client errs.
    @Test func aStreamThatIsGoneIsNotResetAgain() {
        let peer = Self.started()
        _ = peer.hear(Wire.frame(2, 0, 1, [0]) + Wire.frame(2, 0, 1, [0]))
        #expect(peer.sent() == ["RST 1 FRAME_SIZE_ERROR"])
    }

    @Test func headsThatComeInPiecesAreToldApartFromSilence() {
        let peer = Conversation.open(.server)
        #expect(!peer.isReadingHead)
        let bytes = Wire.headersInFrames(1, Wire.request(), size: 10)
        for byte in bytes.dropLast() {
            peer.feed([byte])
        }
        #expect(peer.isReadingHead)
        #expect(peer.hear([bytes[bytes.count - 1]]) == ["request 1 GET /x end"])
        #expect(!peer.isReadingHead)
    }
}
