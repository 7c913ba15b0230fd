import MartinetHTTP
import NIOCore
import Testing

/// Attacks that are made of many frames, each of them legal (rows H11 to H13 and H20 to H28 of the corpus of attacks).
@Suite struct HTTP2FloodTests {
    /// Feeds what `frames` gives for 0, 1, 2 … until the connection ends. Returns how often; nil if `limit` was not enough.
    private static func rounds(_ peer: Conversation, _ limit: Int, _ frames: (UInt32) -> [UInt8]) -> Int? {
        for round in 0..<limit {
            peer.feed(frames(UInt32(round)))
            if peer.session.isClosed { return round + 1 }
        }
        return nil
    }

    private static func calm(_ peer: Conversation) -> Bool { peer.takeEvents().last == "closed ENHANCE_YOUR_CALM" }

    struct Flood: Sendable, CustomTestStringConvertible {
        let label: String
        /// The connection must end after so many rounds.
        let bound: Int
        let frames: @Sendable (UInt32) -> [UInt8]
        var testDescription: String { label }
    }

    static let floods: [Flood] = [
        Flood(label: "H20 rapid reset", bound: 401) {
            Wire.headers(2 * $0 + 1, Wire.request()) + Wire.reset(2 * $0 + 1)
        },
        Flood(label: "H21 WINDOW_UPDATE of 0", bound: 401) {
            Wire.headers(2 * $0 + 1, Wire.request(), end: false) + Wire.windowUpdate(2 * $0 + 1, 0)
        },
        Flood(label: "H21 a window beyond 2^31-1", bound: 401) {
            Wire.headers(2 * $0 + 1, Wire.request(), end: false) + Wire.windowUpdate(2 * $0 + 1, 0x7FFF_FFFF)
        },
        Flood(label: "H21 PRIORITY of four bytes", bound: 401) {
            Wire.headers(2 * $0 + 1, Wire.request()) + Wire.frame(2, 0, 2 * $0 + 1, [0, 0, 0, 0])
        },
        Flood(label: "H21 HEADERS behind the end", bound: 401) {
            Wire.headers(2 * $0 + 1, Wire.request()) + Wire.headers(2 * $0 + 1, Wire.request())
        },
        Flood(label: "H21 DATA behind the end", bound: 401) {
            Wire.headers(2 * $0 + 1, Wire.request()) + Wire.data(2 * $0 + 1, "hello")
        },
        Flood(label: "malformed requests", bound: 401) { Wire.headers(2 * $0 + 1, [("a", "b")]) },
        Flood(label: "H23 PING", bound: 1001) { _ in Wire.ping() },
        Flood(label: "H23 SETTINGS", bound: 1001) { _ in Wire.settings() },
        Flood(label: "H23 SETTINGS of 1,000 settings", bound: 20) { _ in
            Wire.settings(Array(repeating: (3, 100), count: 1000))
        },
        Flood(label: "H23 PRIORITY", bound: 1001) { _ in Wire.frame(2, 0, 1, [0, 0, 0, 0, 9]) },
        Flood(label: "H23 WINDOW_UPDATE +1", bound: 4001) { _ in Wire.windowUpdate(0, 1) },
        Flood(label: "unknown frames", bound: 1001) { _ in Wire.frame(99, 0, 0) },
        Flood(label: "H24 empty DATA", bound: 1002) {
            ($0 == 0 ? Wire.headers(1, Wire.request(), end: false) : []) + Wire.data(1, "")
        },
        Flood(label: "H24 empty padded DATA", bound: 1002) {
            ($0 == 0 ? Wire.headers(1, Wire.request(), end: false) : []) + Wire.frame(0, 8, 1, [3, 0, 0, 0])
        },
        Flood(label: "H24 DATA of one byte", bound: 1002) {
            ($0 == 0 ? Wire.headers(1, Wire.request(), end: false) : []) + Wire.data(1, "x")
        },
        Flood(label: "RST_STREAM again and again", bound: 1010) {
            $0 == 0 ? Wire.headers(1, Wire.request()) : Wire.reset(1)
        },
        Flood(label: "GOAWAY", bound: 1001) { _ in Wire.goAway(0) },
        Flood(label: "H11 CONTINUATION of 4 KiB", bound: 18) { round in
            round == 0
                ? Wire.frame(1, 1, 1, Wire.block(Wire.request()))
                : Wire.frame(9, 0, 1, Wire.block([("a", String(repeating: "b", count: 4090))]))
        },
        Flood(label: "H12 empty CONTINUATION", bound: 18) { round in
            round == 0 ? Wire.frame(1, 1, 1, Wire.block(Wire.request())) : Wire.frame(9, 0, 1)
        },
        Flood(label: "H22 CONTINUATION of 16 KiB", bound: 9) { round in
            round == 0
                ? Wire.frame(1, 1, 1, Wire.block(Wire.request()))
                : Wire.frame(9, 0, 1, [UInt8](repeating: 0x82, count: 16384))
        },
    ]

    @Test(arguments: floods) func floodsEndTheConnection(_ flood: Flood) throws {
        let peer = Conversation.open(.server)
        let rounds = Self.rounds(peer, 100_000) { round in
            // The socket takes what is written: it is not for want of a reader that the connection ends.
            peer.session.outputFlushed()
            peer.output.clear()
            return flood.frames(round)
        }
        let count = try #require(rounds)
        #expect(count <= flood.bound)
        #expect(Self.calm(peer))
        #expect(peer.sent().last?.hasSuffix("ENHANCE_YOUR_CALM") == true)
    }

    @Test(arguments: floods.prefix(1)) func timeGivesBackWhatAClientMaySpend(_ flood: Flood) {
        let peer = Conversation.open(.server)
        var now: UInt64 = 0
        // Four resets a second are a client that changes its mind.
        let rounds = Self.rounds(peer, 3000) { round in
            now += 250_000_000
            peer.session.advance(to: now)
            peer.session.outputFlushed()
            return flood.frames(round)
        }
        #expect(rounds == nil)
    }

    @Test func aPeerThatDoesNotReadIsNotAnsweredForEver() {
        var limits = HTTP2Limits()
        limits.controlFrames = .init(burst: 1_000_000, nanosecondsPerToken: 1)
        let peer = Conversation.open(.server, limits)
        #expect(Self.rounds(peer, 2000) { _ in Wire.ping() } == 1000)
        #expect(Self.calm(peer))
        #expect(peer.output.readableBytes < 20000)
        let reader = Conversation.open(.server, limits)
        #expect(
            Self.rounds(reader, 5000) { _ in
                reader.session.outputFlushed()
                return Wire.ping()
            } == nil)
    }

    /// A client that reads what it is sent may open its window as often as it likes.
    @Test func windowUpdatesArePaidForByData() {
        let peer = Conversation.open(.server)
        peer.feed(Wire.headers(1, Wire.request()))
        peer.session.writeResponse(HTTP2StreamID(1), ResponseHead(), end: false, into: &peer.output)
        let rounds = Self.rounds(peer, 6000) { _ in
            var body = ByteBuffer(repeating: 0x61, count: 1024)
            #expect(peer.write(HTTP2StreamID(1), &body, end: false))
            peer.output.clear()
            return Wire.windowUpdate(1, 1024) + Wire.windowUpdate(0, 1024)
        }
        #expect(rounds == nil)
    }

    /// A window opened byte by byte is not.
    @Test func tinyWindowsAreNot() throws {
        let peer = Conversation.open(.server)
        peer.feed(Wire.settings([(4, 0)]) + Wire.headers(1, Wire.request()))
        peer.session.writeResponse(HTTP2StreamID(1), ResponseHead(), end: false, into: &peer.output)
        var body = ByteBuffer(repeating: 0x61, count: 100_000)
        let rounds = Self.rounds(peer, 50000) { _ in
            _ = peer.write(HTTP2StreamID(1), &body, end: false)
            peer.output.clear()
            return Wire.windowUpdate(1, 1)
        }
        #expect(try #require(rounds) <= 4100)
        #expect(Self.calm(peer))
    }

    /// H27: whoever keeps the time sees that nothing moves.
    @Test func stalledWindowsShow() {
        let peer = Conversation.open(.server)
        peer.feed(Wire.settings([(4, 0)]) + Wire.headers(1, Wire.request()))
        peer.session.writeResponse(HTTP2StreamID(1), ResponseHead(), end: false, into: &peer.output)
        let before = peer.session.progress
        var body = ByteBuffer(repeating: 0x61, count: 100)
        #expect(!peer.write(HTTP2StreamID(1), &body, end: false))
        peer.feed(Wire.ping() + Wire.settings([(4, 0)]))
        #expect(peer.session.progress == before)
        #expect(peer.waitsForWindow)
        peer.feed(Wire.windowUpdate(1, 1))
        #expect(!peer.write(HTTP2StreamID(1), &body, end: false))
        #expect(peer.session.progress == before + 1)
    }

    /// H25, H26: a large entry, referred to by one byte each time, comes to no more than the limit; and the connection lives.
    @Test func bombsComeToNothing() {
        let peer = Conversation.open(.server)
        let entry = [0x40, 1, 0x61] + hex("7f a11e") + [UInt8](repeating: 0x62, count: 127 + 0x21 + 0x1E * 128)
        let bomb = Wire.block(Wire.request()) + entry + [UInt8](repeating: 0xBE, count: 10000)
        #expect(peer.hear(Wire.frame(1, 5, 1, bomb)) == ["refused 1 431"])
        let small = Wire.block(Wire.request()) + [0x40, 1, 0x63, 0] + [UInt8](repeating: 0xBE, count: 10000)
        #expect(peer.hear(Wire.frame(1, 5, 3, small)) == ["refused 3 431"])
        let crumbs = Wire.block(Wire.request()) + hex("60 00") + [UInt8](repeating: 0xBE, count: 10000)
        #expect(peer.hear(Wire.frame(1, 5, 5, crumbs)) == ["refused 5 431"])
        #expect(peer.hear(Wire.frame(1, 5, 7, Wire.block(Wire.request()) + [0xBE])) == ["request 7 GET /x end"])
        #expect(peer.lines == ["Cookie: "])
    }

    /// Thousands of requests one after the other are no attack.
    @Test func aBusyClientIsWelcome() {
        let peer = Conversation.open(.server)
        let rounds = Self.rounds(peer, 5000) { round in
            let stream = HTTP2StreamID(2 * round + 1)
            if round > 0 {
                let last = HTTP2StreamID(2 * round - 1)
                peer.session.writeResponse(last, ResponseHead(), contentLength: 0, end: true, into: &peer.output)
                peer.session.outputFlushed()
                peer.output.clear()
            }
            return Wire.headers(stream.number, Wire.request(and: [("content-length", "1")]), end: false)
                + Wire.data(stream.number, "x", end: true)
        }
        #expect(rounds == nil)
        #expect(peer.session.openStreams == 1)
    }

    /// Answers that nobody reads are not made without end, however soon each of them is written.
    @Test func aClientThatDoesNotReadIsNotServedForEver() throws {
        let peer = Conversation.open(.server)
        var served = 0
        let rounds = Self.rounds(peer, 5000) { round in
            served += Self.answerAll(peer)
            return Wire.headers(2 * round + 1, Wire.request())
        }
        #expect(try #require(rounds) <= 201 + 401)
        #expect(served == 201)
        #expect(Self.calm(peer))
    }

    /// One that reads slowly is: what has left is told of while more waits.
    @Test func aClientThatReadsSlowlyIsServed() {
        let peer = Conversation.open(.server)
        let rounds = Self.rounds(peer, 5000) { round in
            _ = Self.answerAll(peer)
            if round % 100 == 0 {
                peer.session.markedOutputFlushed()
                #expect(peer.mark())
            }
            return Wire.headers(2 * round + 1, Wire.request())
        }
        #expect(rounds == nil)
        #expect(!peer.sent().contains { $0.hasPrefix("RST") })
    }

    /// Answers the requests that have come; how many there were.
    private static func answerAll(_ peer: Conversation) -> Int {
        let streams = peer.takeEvents().filter { $0.hasPrefix("request ") }.compactMap {
            UInt32($0.split(separator: " ")[1])
        }
        for stream in streams {
            peer.session.writeResponse(
                HTTP2StreamID(stream), ResponseHead(), contentLength: 0, end: true, into: &peer.output)
        }
        return streams.count
    }
}
