import MartinetHTTP
import NIOCore
import Testing

/// However bytes are cut into reads, they mean the same; and whatever they are, nothing traps or grows without bound.
@Suite struct HTTP2SplitTests {
    static let session: [UInt8] =
        Wire.preface + Wire.settings([(1, 100), (3, 10), (4, 70000)]) + Wire.settingsAck
        + Wire.headersInFrames(1, Wire.request(and: [("cookie", "a=1"), ("cookie", "b=2")]), size: 20)
        + Wire.headers(3, Wire.request([":method": "POST"], and: [("content-length", "11")]), end: false)
        + Wire.data(3, "hello ") + Wire.windowUpdate(3, 100) + Wire.ping()
        + Wire.frame(0, Wire.padded, 3, [3] + Array("world".utf8) + [0, 0, 0])
        + Wire.headers(3, [("content-digest", "x")]) + Wire.frame(77, 0, 0, [1, 2, 3])
        + Wire.frame(2, 0, 3, [0, 0, 0, 0, 9])
        + Wire.headers(5, [("a", "b")]) + Wire.headers(7, Wire.request(), end: false) + Wire.reset(7) + Wire.goAway(0)
        + Wire.windowUpdate(0, 100)

    /// Joins pieces of one body, which depend on the cuts.
    private static func joined(_ events: [String]) -> [String] {
        var joined: [String] = []
        for event in events {
            if event.hasPrefix("data "), let last = joined.last, last.hasPrefix("data "), !last.hasSuffix(" end") {
                joined[joined.count - 1] = last + event.dropFirst(7)
            } else {
                joined.append(event)
            }
        }
        return joined
    }

    private static func run(_ reads: [ArraySlice<UInt8>]) -> (events: [String], sent: [String]) {
        let peer = Conversation(.server)
        for read in reads { peer.feed(Array(read)) }
        return (joined(peer.takeEvents()), peer.sent())
    }

    @Test func everyCutGivesTheSameEvents() {
        let whole = Self.run([Self.session[...]])
        #expect(
            whole.events == [
                "settings", "request 1 GET /x end", "request 3 POST /x", "data 3 hello world", "end 3 Content-Digest=x",
                "request 7 GET /x", "reset 7 CANCEL by peer", "goaway 0 NO_ERROR",
            ])
        #expect(
            whole.sent == ["SETTINGS", "WINDOW_UPDATE 0 983041", "SETTINGS ack", "PING ack", "RST 5 PROTOCOL_ERROR"])
        for cut in 1..<Self.session.count {
            let parts = Self.run([Self.session[..<cut], Self.session[cut...]])
            #expect(parts.events == whole.events, "cut at \(cut)")
            #expect(parts.sent == whole.sent, "cut at \(cut)")
        }
        let bytes = Self.run(Self.session.indices.map { Self.session[$0...$0] })
        #expect(bytes.events == whole.events)
        #expect(bytes.sent == whole.sent)
    }

    /// Changes bytes at random, in both roles, and cuts at random.
    @Test(arguments: [1, 2, 3, 4]) func changedBytesDoNoHarm(_ seed: UInt64) {
        var random = SplitMixRandom(seed: seed)
        let client = Self.session.dropFirst(Wire.preface.count)
        for round in 0..<1500 {
            let role: HTTP2Role = round % 2 == 0 ? .server : .client
            var bytes = role == .server ? Self.session : Array(client)
            if role == .client { bytes += Wire.headers(1, Wire.response, end: false) + Wire.data(1, "abc", end: true) }
            for _ in 0...(random.next() % 4) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch random.next() % 3 {
                case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes[place] ^= 1 << UInt8(random.next() % 8)
                default: bytes.remove(at: place)
                }
            }
            let peer = Conversation(role)
            if role == .client {
                for _ in 0..<3 {
                    var head = RequestHead()
                    head.setPath("/")
                    head.host = head.headers.store("a")
                    _ = peer.session.openRequest(head, to: .init(isSecure: true), end: true, into: &peer.output)
                }
            }
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Int.random(in: 1...max(1, min(200, rest.count)), using: &random)
                peer.feed(Array(rest.prefix(count)))
                rest = rest.dropFirst(count)
                #expect(peer.waiting <= 16384 + 9)
            }
            #expect(peer.session.openStreams <= 100)
            #expect(peer.output.readableBytes < 4096)
        }
    }

    /// Field blocks changed at random: an error or fields, and never a table beyond its limit.
    @Test(arguments: [5, 6, 7]) func changedFieldBlocksDoNoHarm(_ seed: UInt64) {
        var random = SplitMixRandom(seed: seed)
        let samples = HPACKVectorTests.vectors.flatMap { $0.steps.map { hex($0.block) } }
        for _ in 0..<3000 {
            var decoder = HPACKDecoder(limit: 256)
            for _ in 0..<4 {
                var block = samples[Int(random.next() % UInt64(samples.count))]
                for _ in 0..<(random.next() % 3) {
                    block[Int(random.next() % UInt64(block.count))] = UInt8(truncatingIfNeeded: random.next())
                }
                guard (try? decoder.fields(block)) != nil else { break }
                #expect(decoder.tableSize <= decoder.tableMaxSize)
                #expect(decoder.tableMaxSize <= 256)
            }
        }
    }
}
