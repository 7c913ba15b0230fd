import MartinetHTTP
import NIOCore
import Testing

@Suite struct HTTP2ShutdownTests {
    private static let shutdownPing = hex("6D617274696E6574")

    @Test func aServerLeavesInTwoSteps() {
        let peer = Conversation.open(.server)
        peer.feed(Wire.headers(1, Wire.request()))
        peer.session.beginShutdown(into: &peer.output)
        #expect(peer.sent() == ["GOAWAY 2147483647 NO_ERROR", "PING"])
        // Sent before the client knew.
        _ = peer.takeEvents()
        #expect(peer.hear(Wire.headers(3, Wire.request())) == ["request 3 GET /x end"])
        #expect(peer.hear(Wire.frame(6, 1, 0, Self.shutdownPing)) == [])
        #expect(peer.sent() == ["GOAWAY 3 NO_ERROR"])
        #expect(peer.hear(Wire.headers(5, Wire.request(), end: false) + Wire.data(5, "x")) == [])
        #expect(peer.sent() == [])
        for number: UInt32 in [1, 3] {
            #expect(!peer.isDrained)
            peer.session.writeResponse(HTTP2StreamID(number), ResponseHead(), end: true, into: &peer.output)
        }
        #expect(peer.isDrained)
    }

    @Test func aServerCanRunOutOfPatience() {
        let peer = Conversation.open(.server)
        peer.session.beginShutdown(into: &peer.output)
        #expect(!peer.isDrained)
        peer.session.finishShutdown(into: &peer.output)
        peer.session.finishShutdown(into: &peer.output)
        #expect(peer.sent() == ["GOAWAY 2147483647 NO_ERROR", "PING", "GOAWAY 0 NO_ERROR"])
        #expect(peer.isDrained)
        #expect(peer.hear(Wire.frame(6, 1, 0, Self.shutdownPing)) == [])
        #expect(peer.sent() == [])
    }

    private static func ask(_ peer: Conversation) -> HTTP2StreamID? {
        var head = RequestHead()
        head.setPath("/x")
        head.host = head.headers.store("a.test")
        return peer.session.openRequest(head, to: .init(isSecure: false), end: true, into: &peer.output)
    }

    /// H29: what is above the last stream goes elsewhere, what is below is waited for.
    @Test func aBackendThatLeavesGivesBackWhatItDidNotServe() {
        let peer = Conversation.open(.client)
        for _ in 0..<4 { _ = Self.ask(peer) }
        #expect(peer.hear(Wire.goAway(0x7FFF_FFFF)) == ["goaway 2147483647 NO_ERROR"])
        #expect(Self.ask(peer) == nil)
        let events = peer.hear(Wire.goAway(3) + Wire.headers(1, Wire.response))
        #expect(events.first == "goaway 3 NO_ERROR")
        #expect(Set(events[1...2]) == ["unprocessed 5", "unprocessed 7"])
        #expect(events.last == "response 1 200 end")
        #expect(!peer.isDrained)
        // It must not grow again.
        #expect(
            peer.hear(Wire.goAway(7) + Wire.headers(3, Wire.response)) == ["goaway 3 NO_ERROR", "response 3 200 end"])
        #expect(peer.isDrained)
    }

    @Test func aClientThatLeavesOpensNothing() {
        let peer = Conversation.open(.client)
        _ = Self.ask(peer)
        peer.session.beginShutdown(into: &peer.output)
        #expect(Self.ask(peer) == nil)
        #expect(peer.hear(Wire.headers(1, Wire.response)) == ["response 1 200 end"])
        #expect(peer.isDrained)
    }

    @Test func anEndIsAnEnd() {
        let peer = Conversation.open(.server)
        peer.feed(Wire.headers(1, Wire.request()))
        peer.session.close(.internalError, "a test", into: &peer.output)
        peer.session.writeResponse(HTTP2StreamID(1), ResponseHead(), end: true, into: &peer.output)
        peer.session.reset(HTTP2StreamID(1), .cancel, into: &peer.output)
        peer.session.consume(HTTP2StreamID(1), 1, into: &peer.output)
        peer.session.beginShutdown(into: &peer.output)
        #expect(peer.sent() == ["GOAWAY 1 INTERNAL_ERROR"])
    }
}
