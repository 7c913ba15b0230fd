import MartinetHTTP
import NIOCore
import Testing

@Suite struct HTTP2FlowControlTests {
    private static let one = HTTP2StreamID(1)

    private static func limits(stream: Int = 100_000, connection: Int = 200_000) -> HTTP2Limits {
        var limits = HTTP2Limits()
        limits.streamWindow = stream
        limits.connectionWindow = connection
        return limits
    }

    private static func piece(_ stream: UInt32, _ count: Int, end: Bool = false) -> [UInt8] {
        Wire.frame(0, end ? 1 : 0, stream, [UInt8](repeating: 0x61, count: count))
    }

    // MARK: Receiving

    @Test func windowsOpenAsTheBodyIsConsumed() {
        let peer = Conversation.open(.server, Self.limits())
        peer.consumes = false
        peer.feed(Wire.headers(1, Wire.request(), end: false))
        for _ in 0..<6 { peer.feed(Self.piece(1, 16000)) }
        #expect(peer.sent() == [])
        peer.session.consume(Self.one, 40000, into: &peer.output)
        #expect(peer.sent() == [])
        peer.session.consume(Self.one, 20000, into: &peer.output)
        #expect(peer.sent() == ["WINDOW_UPDATE 1 60000"])
        peer.session.consume(Self.one, 1_000_000, into: &peer.output)
        #expect(peer.sent() == [])
        for _ in 0..<1 { peer.feed(Self.piece(1, 16000)) }
        peer.session.consume(Self.one, 1_000_000, into: &peer.output)
        #expect(peer.sent() == ["WINDOW_UPDATE 0 112000", "WINDOW_UPDATE 1 52000"])
    }

    @Test func aStreamsWindowMustNotBeExceeded() {
        let peer = Conversation.open(.server, Self.limits())
        peer.consumes = false
        peer.feed(Wire.headers(1, Wire.request(), end: false))
        for _ in 0..<6 { peer.feed(Self.piece(1, 16000)) }
        _ = peer.takeEvents()
        #expect(peer.hear(Self.piece(1, 4001)) == ["reset 1 FLOW_CONTROL_ERROR"])
        // What was not consumed is given back to the connection, what broke the rule too.
        #expect(peer.sent() == ["RST 1 FLOW_CONTROL_ERROR", "WINDOW_UPDATE 0 100001"])
    }

    @Test func theConnectionsWindowMustNotBeExceeded() {
        let peer = Conversation.open(.server, Self.limits(stream: 1_000_000, connection: 65535))
        peer.consumes = false
        peer.feed(Wire.headers(1, Wire.request(), end: false))
        for _ in 0..<4 { peer.feed(Self.piece(1, 16000)) }
        _ = peer.takeEvents()
        #expect(peer.hear(Self.piece(1, 1536)) == ["closed FLOW_CONTROL_ERROR"])
    }

    @Test func paddingCountsAndIsGivenBackAtOnce() {
        let peer = Conversation.open(.server, Self.limits())
        peer.feed(Wire.headers(1, Wire.request(), end: false))
        let padded = Wire.frame(0, 8, 1, [250, 0x61, 0x62, 0x63, 0x64, 0x65] + [UInt8](repeating: 0, count: 250))
        for _ in 0..<398 { peer.feed(padded) }
        // More than the window came, nearly all of it padding.
        #expect(peer.isOpen(Self.one))
        #expect(!peer.isClosed)
    }

    /// A window below the default holds from the acknowledgement on.
    @Test func aSmallWindowHoldsOnceItIsKnown() {
        let peer = Conversation(.server, Self.limits(stream: 10))
        peer.consumes = false
        peer.feed(Wire.preface + Wire.settings() + Wire.headers(1, Wire.request(), end: false) + Self.piece(1, 100))
        #expect(peer.takeEvents().count == 3)
        peer.feed(Wire.settingsAck)
        #expect(peer.hear(Self.piece(1, 1)) == ["reset 1 FLOW_CONTROL_ERROR"])
        peer.feed(Wire.headers(3, Wire.request(), end: false))
        #expect(peer.hear(Self.piece(3, 10)).count == 2)
        #expect(peer.hear(Self.piece(3, 1)) == ["reset 3 FLOW_CONTROL_ERROR"])
    }

    /// A client counts what its reader has not taken, even when the answer has ended.
    @Test func endedAnswersCountUntilTheyAreConsumed() {
        var limits = HTTP2Limits.backend
        limits.connectionWindow = 65535
        let peer = Conversation.open(.client, limits)
        peer.consumes = false
        Self.ask(peer)
        peer.feed(
            Wire.headers(1, Wire.response, end: false) + Self.piece(1, 16000) + Self.piece(1, 16000)
                + Self.piece(1, 16000, end: true))
        #expect(peer.session.openStreams == 1)
        peer.session.consume(Self.one, 32000, into: &peer.output)
        #expect(peer.sent().count == 1)
        peer.session.consume(Self.one, 16000, into: &peer.output)
        #expect(peer.session.openStreams == 0)
        #expect(peer.sent() == ["WINDOW_UPDATE 0 48000"])
    }

    @discardableResult
    private static func ask(_ peer: Conversation, end: Bool = true) -> HTTP2StreamID? {
        var head = RequestHead()
        head.setPath("/x")
        head.host = head.headers.store("a.test")
        return peer.session.openRequest(head, to: .init(isSecure: false), end: end, into: &peer.output)
    }

    // MARK: Sending

    private static func answering(_ settings: [(UInt16, UInt32)]) -> Conversation {
        let peer = Conversation.open(.server)
        peer.feed(Wire.settings(settings) + Wire.headers(1, Wire.request()))
        peer.session.writeResponse(one, ResponseHead(), end: false, into: &peer.output)
        _ = peer.sent()
        _ = peer.takeEvents()
        return peer
    }

    @Test func dataKeepsToTheStreamsWindow() {
        let peer = Self.answering([(4, 10)])
        var body = ByteBuffer(string: "hello, hello, hello")
        #expect(!peer.write(Self.one, &body, end: true))
        #expect(peer.sent() == ["DATA 1 10"])
        #expect(peer.waitsForWindow)
        #expect(peer.hear(Wire.windowUpdate(1, 5)) == ["window 1"])
        #expect(!peer.waitsForWindow)
        #expect(!peer.write(Self.one, &body, end: true))
        #expect(peer.hear(Wire.windowUpdate(1, 100)) == ["window 1"])
        #expect(peer.write(Self.one, &body, end: true))
        #expect(peer.sent() == ["DATA 1 5", "DATA 1 4 end"])
        #expect(peer.session.openStreams == 0)
    }

    @Test func dataKeepsToTheConnectionsWindow() {
        let peer = Self.answering([(4, 1_000_000)])
        var body = ByteBuffer(repeating: 0x61, count: 70000)
        #expect(!peer.write(Self.one, &body, end: true))
        #expect(peer.sent() == ["DATA 1 16384", "DATA 1 16384", "DATA 1 16384", "DATA 1 16383"])
        #expect(peer.hear(Wire.windowUpdate(1, 5)) == ["window 1"])
        #expect(!peer.write(Self.one, &body, end: true))
        #expect(peer.hear(Wire.windowUpdate(0, 10000)) == ["window 0"])
        #expect(peer.write(Self.one, &body, end: true))
        #expect(peer.sent() == ["DATA 1 4465 end"])
    }

    /// RFC 9113 §6.9.2: a window may become negative, and must be paid back first.
    @Test func aSmallerInitialWindowMayMakeAWindowNegative() {
        let peer = Self.answering([(4, 100)])
        var body = ByteBuffer(repeating: 0x61, count: 200)
        #expect(!peer.write(Self.one, &body, end: true))
        #expect(peer.hear(Wire.settings([(4, 20)]) + Wire.windowUpdate(1, 80)) == ["settings"])
        #expect(peer.session.sendable(Self.one) == 0)
        #expect(peer.hear(Wire.windowUpdate(1, 1)) == ["window 1"])
        #expect(peer.session.sendable(Self.one) == 1)
        #expect(peer.hear(Wire.settings([(4, 1000)])) == ["settings"])
        #expect(peer.write(Self.one, &body, end: true))
    }

    /// A peer that gives back each frame by itself gets no smaller and smaller ones.
    @Test func smallWindowsDoNotCrumble() {
        let peer = Self.answering([(4, 1000)])
        var left = 100_000
        var frames: [Int] = []
        var owed = [0]
        while left > 0, frames.count < 1000, let back = owed.popLast() {
            if back > 0 { peer.feed(Wire.windowUpdate(1, UInt32(back)) + Wire.windowUpdate(0, UInt32(back))) }
            // Pieces of a server's body are of any size.
            var body = ByteBuffer(repeating: 0x61, count: min(left, 700))
            _ = peer.write(Self.one, &body, end: false)
            for line in peer.sent() {
                guard line.hasPrefix("DATA "), let size = Int(line.split(separator: " ")[2]) else { continue }
                frames.append(size)
                owed.append(size)
                left -= size
            }
            if owed.isEmpty { owed = [0] }
        }
        #expect(left == 0)
        #expect(frames.count < 300)
        #expect(!peer.isClosed)
    }

    /// RFC 1122 §4.2.3.4 in small: what a window is too small for waits for more of it, but not for ever.
    @Test func sliversWaitForALargerWindow() {
        let peer = Self.answering([(4, 1000)])
        var body = ByteBuffer(repeating: 0x61, count: 3000)
        #expect(!peer.write(Self.one, &body, end: true))
        #expect(peer.sent() == ["DATA 1 1000"])
        peer.feed(Wire.windowUpdate(1, 499))
        #expect(!peer.write(Self.one, &body, end: true))
        #expect(peer.sent() == [])
        #expect(peer.waitsForWindow)
        peer.feed(Wire.windowUpdate(1, 1))
        #expect(!peer.write(Self.one, &body, end: true))
        #expect(peer.sent() == ["DATA 1 500"])
        // Nor is the end of a body held back, small as it is.
        peer.feed(Wire.windowUpdate(1, 10))
        var end = ByteBuffer(repeating: 0x61, count: 10)
        #expect(peer.write(Self.one, &end, end: false))
        #expect(peer.sent() == ["DATA 1 10"])
        peer.feed(Wire.windowUpdate(1, 20))
        #expect(!peer.write(Self.one, &body, end: true))
        #expect(peer.sent() == [])
        let held = peer.session.beginSendingHeldBack()
        #expect(held)
        #expect(!peer.write(Self.one, &body, end: true))
        peer.session.endSendingHeldBack()
        #expect(peer.sent() == ["DATA 1 20"])
        let again = peer.session.beginSendingHeldBack()
        #expect(!again)
    }

    /// Towards servers: who takes what comes is sent more at a time.
    @Test func windowsGrowAsTheyAreUsed() {
        let peer = Conversation(.client, .backend)
        #expect(peer.session.limits.initialStreamWindow == 65535)
        peer.feed(Wire.settings() + Wire.settingsAck)
        Self.ask(peer)
        peer.output.clear()
        peer.feed(Wire.headers(1, Wire.response, end: false))
        var updates: [String] = []
        for _ in 0..<40 {
            peer.feed(Self.piece(1, 16384))
            updates += peer.sent().filter { $0.hasPrefix("WINDOW_UPDATE 1 ") }
        }
        #expect(updates.first == "WINDOW_UPDATE 1 \(2 * 16384 + 65535)")
        #expect(updates.dropFirst().first == "WINDOW_UPDATE 1 \(4 * 16384 + 131_070)")
        #expect(!peer.isClosed)
    }

    /// §6.5.2, as a caller can ask it.
    @Test func thePeersHeaderListSizeIsKnown() {
        let peer = Self.answering([(6, 500)])
        var head = ResponseHead()
        head.headers.add(name: "x-a", value: String(repeating: "a", count: 200))
        let small = peer.session.peerTakes(head.headers)
        #expect(small)
        head.headers.add(name: "x-b", value: "b")
        let large = peer.session.peerTakes(head.headers)
        #expect(!large)
    }

    @Test func anEndNeedsNoWindow() {
        let peer = Self.answering([(4, 0)])
        peer.session.writeEnd(Self.one, into: &peer.output)
        #expect(peer.sent() == ["DATA 1 0 end"])
    }

    @Test func framesAreNoLargerThanThePeerAllows() {
        let peer = Self.answering([(5, 20000), (4, 60000)])
        var body = ByteBuffer(repeating: 0x61, count: 50000)
        #expect(peer.write(Self.one, &body, end: true))
        #expect(peer.sent() == ["DATA 1 20000", "DATA 1 20000", "DATA 1 10000 end"])
    }

    @Test func streamsAreOpenedAsThePeerAllows() {
        let peer = Conversation.open(.client)
        peer.feed(Wire.settings([(3, 2)]))
        #expect(Self.ask(peer) == HTTP2StreamID(1))
        #expect(Self.ask(peer) == HTTP2StreamID(3))
        #expect(Self.ask(peer) == nil)
        #expect(!peer.canOpenStream)
        peer.feed(Wire.headers(1, Wire.response))
        #expect(Self.ask(peer) == HTTP2StreamID(5))
    }

    @Test func streamsBeyondOurLimitAreRefused() {
        var limits = HTTP2Limits()
        limits.maxConcurrentStreams = 2
        let peer = Conversation.open(.server, limits)
        let table = hex("40 0161 0162")
        peer.feed(Wire.headers(1, Wire.request()) + Wire.headers(3, Wire.request()))
        _ = peer.takeEvents()
        #expect(peer.hear(Wire.frame(1, 5, 5, Wire.block(Wire.request()) + table)) == [])
        #expect(peer.sent() == ["RST 5 REFUSED_STREAM"])
        peer.session.writeResponse(Self.one, ResponseHead(), end: true, into: &peer.output)
        // The refused head was decoded all the same: its entry is in the table.
        #expect(peer.hear(Wire.frame(1, 5, 7, Wire.block(Wire.request()) + [0xBE])) == ["request 7 GET /x end"])
        #expect(peer.lines == ["A: b"])
    }
}
