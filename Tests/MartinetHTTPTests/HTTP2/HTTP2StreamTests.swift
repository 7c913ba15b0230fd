import MartinetHTTP
import NIOCore
import Testing

@Suite struct HTTP2StreamTests {
    /// Streams are opened and closed in any order, in all ways; each that is open is found, and no other.
    @Test(arguments: [1, 2, 3]) func streamsAreFoundWhileTheyAreOpen(_ seed: UInt64) {
        var random = SplitMixRandom(seed: seed)
        var limits = HTTP2Limits()
        limits.resets = .init(burst: 100_000, nanosecondsPerToken: 1)
        let peer = Conversation.open(.server, limits)
        var open: Set<UInt32> = []
        var next: UInt32 = 1
        for _ in 0..<2000 {
            if open.count < 100, random.next() % 2 == 0 {
                // Gaps are allowed, and put streams next to each other in the table that are not in number.
                next += UInt32(random.next() % 40) * 2
                peer.feed(Wire.headers(next, Wire.request()))
                open.insert(next)
                next += 2
            } else if let number = open.randomElement(using: &random) {
                open.remove(number)
                let stream = HTTP2StreamID(number)
                switch random.next() % 3 {
                case 0: peer.feed(Wire.reset(number))
                case 1: peer.session.reset(stream, .cancel, into: &peer.output)
                default: peer.session.writeResponse(stream, ResponseHead(), end: true, into: &peer.output)
                }
                peer.output.clear()
                peer.session.outputFlushed()
            }
            #expect(peer.session.openStreams == open.count)
            guard let number = open.randomElement(using: &random) else { continue }
            #expect(peer.isOpen(HTTP2StreamID(number)))
            #expect(!peer.isOpen(HTTP2StreamID(number + 1)))
        }
        for number in open { #expect(peer.isOpen(HTTP2StreamID(number))) }
        #expect(!peer.isClosed)
    }

    /// RFC 8441, towards a backend.
    @Test func tunnelsAreOpenedWhereTheyAreOffered() {
        var head = RequestHead()
        head.setPath("/chat")
        head.host = head.headers.store("a.test")
        head.wantsUpgrade = true
        head.headers.add(.upgrade, "websocket")
        head.headers.add(.secWebSocketKey, "k")
        head.headers.add(.secWebSocketVersion, "13")
        let client = Conversation.open(.client)
        let destination = HTTP2Session.Destination(isSecure: true)
        #expect(client.session.openRequest(head, to: destination, end: false, into: &client.output) == nil)
        client.feed(Wire.settings([(8, 1)]))
        client.output.clear()
        let stream = client.session.openRequest(head, to: destination, end: false, into: &client.output)
        #expect(stream == HTTP2StreamID(1))
        var limits = HTTP2Limits()
        limits.allowsConnectProtocol = true
        let server = Conversation.open(.server, limits)
        #expect(server.hear(Array(client.output.readableBytesView)) == ["request 1 GET /chat"])
        #expect(server.request.wantsUpgrade == true)
        #expect(server.lines == ["Sec-WebSocket-Version: 13", "Upgrade: websocket"])
    }

    /// What a backend can do wrong with a stream, the caller learns of, once.
    @Test func aStreamEndsOnce() {
        let peer = Conversation.open(.client)
        var head = RequestHead()
        head.setPath("/")
        head.host = head.headers.store("a.test")
        _ = peer.session.openRequest(head, to: .init(isSecure: false), end: false, into: &peer.output)
        #expect(
            peer.hear(Wire.windowUpdate(1, 0) + Wire.reset(1) + Wire.headers(1, Wire.response)) == [
                "reset 1 PROTOCOL_ERROR"
            ])
        #expect(!peer.isClosed)
    }
}
