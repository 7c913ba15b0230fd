import MartinetHTTP
import NIOCore
import Testing

/// What others write is read as they meant it.
@Suite struct InteropTests {
    @Test func fieldBlocksOfOthersAreDecoded() throws {
        var decoder = HPACKDecoder(limit: 4096)
        for vector in InteropVectors.blocks {
            #expect(try decoder.fields(hex(vector.block)) == vector.fields)
        }
    }

    @Test func connectionsOfOthersAreUnderstood() {
        var bytes: [UInt8] = []
        for run in InteropVectors.client {
            for _ in 0..<run.times { bytes += hex(run.bytes) }
        }
        let peer = Conversation(.server)
        peer.feed(bytes)
        #expect(
            peer.takeEvents() == [
                "settings", "request 1 GET /x?y=z end", "request 3 POST /upload", "data 3 hello", "data 3 world",
                "end 3 Content-Digest=x", "request 5 GET / end", "request 7 GET /gone", "reset 7 CANCEL by peer",
            ])
        #expect(peer.sent() == ["SETTINGS", "WINDOW_UPDATE 0 983041", "SETTINGS ack", "PING ack"])
    }
}
