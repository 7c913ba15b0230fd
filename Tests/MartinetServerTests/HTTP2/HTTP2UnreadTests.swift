import MartinetCore
import MartinetHTTP
import NIOCore
import NIOEmbedded
import Testing

@testable import MartinetServer

/// Clients that only seem not to read what they are sent.
@Suite struct HTTP2UnreadTests {
    /// Where the bytes go through other handlers, as with TLS, nobody tells that they have left.
    @Test func answersOfALongConnectionAreNotTakenForUnreadOnes() throws {
        let channel = EmbeddedChannel()
        let loop = LoopContext(eventLoop: channel.eventLoop, count: 1, hostName: "test") { $0() }
        let settings = EntryPointSettings(name: "web", number: 0, host: "", port: 80)
        let info = ConnectionInfo(
            peer: IPAddress(v4: 0x7F00_0001), peerPort: 1, entryPoint: "web", localPort: 80, isTLS: true)
        let connection = HTTP2Connection(loop: loop, entryPoint: EntryPoint(settings), info: info)
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        try channel.pipeline.syncOperations.addHandler(connection)
        try channel.writeInbound(ByteBuffer(bytes: HTTP2Frames.preface + HTTP2Frames.settings()))
        let ping = HTTP2Frames.frame(6, 0, 0, [UInt8](repeating: 1, count: 8))
        for round in UInt32(0)..<1500 {
            let request = HTTP2Frames.headers(2 * round + 1, HTTP2Frames.request())
            try channel.writeInbound(ByteBuffer(bytes: request + ping))
            channel.embeddedEventLoop.run()
        }
        #expect(!connection.isOver)
        var received = 0
        while let bytes = try channel.readOutbound(as: ByteBuffer.self) { received += bytes.readableBytes }
        // The answers to the PINGs alone are so many.
        #expect(received > 1500 * (9 + 8))
        _ = try channel.finish(acceptAlreadyClosed: true)
    }
}
