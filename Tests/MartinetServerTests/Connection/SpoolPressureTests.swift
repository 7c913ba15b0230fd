import MartinetCore
import NIOEmbedded
import Synchronization
import Testing

@testable import MartinetServer

/// A disk that is slower than the network.
@Suite struct SpoolPressureTests {
    /// Keeps every body in a file.
    private final class Keeper: HTTPMiddleware {
        func request(_ exchange: Exchange) -> RequestOutcome { .bufferBody(limit: nil, memory: 0) }
        func requestBody(_ exchange: Exchange) -> RequestOutcome { .proceed }
    }

    /// Does nothing until it is told to.
    private final class Disk: Sendable {
        private let work = Mutex<[@Sendable () -> Void]>([])

        func add(_ body: @escaping @Sendable () -> Void) { work.withLock { $0.append(body) } }

        /// Does all there is to do; false when there was nothing.
        func run() -> Bool {
            let all = work.withLock { work in
                defer { work = [] }
                return work
            }
            for body in all { body() }
            return !all.isEmpty
        }
    }

    /// `stray`: what still comes after reading was stopped, in pieces: a channel hands over what it was just reading.
    @Test(arguments: [0, 1, 3]) func aClientIsReadNoFasterThanTheDiskWrites(_ stray: Int) throws {
        let disk = Disk()
        let client = try EmbeddedConnection(chain: [Keeper()], offload: { disk.add($0) })
        let piece = String(repeating: "x", count: 65536)
        let all = 100
        try client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: \(all * piece.utf8.count)\r\n\r\n")
        var sent = 0
        func send() throws {
            guard sent < all else { return }
            try client.send(piece)
            sent += 1
        }
        while sent < all {
            let before = sent
            while sent < all, !client.connection.readsPaused { try send() }
            // 256 KiB on their way to the disk, and the piece that was one too many.
            #expect(sent - before <= 5)
            guard sent - before <= 5 else { return }
            for _ in 0..<stray { try send() }
            #expect(client.connection.readsPaused || sent == all)
            while disk.run() { client.channel.embeddedEventLoop.run() }
            #expect(!client.connection.readsPaused || sent == all)
        }
        while disk.run() { client.channel.embeddedEventLoop.run() }
        #expect(try client.received().hasPrefix("HTTP/1.1 200 OK\r\n"))
    }

    @Test func theEndOfAChunkedBodyIsFoundBehindAPause() throws {
        let disk = Disk()
        let client = try EmbeddedConnection(chain: [Keeper()], offload: { disk.add($0) })
        let chunk = "50000\r\n" + String(repeating: "x", count: 0x50000) + "\r\n"
        try client.send("POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + "0\r\n\r\n")
        #expect(client.connection.readsPaused)
        #expect(try client.received().isEmpty)
        while disk.run() { client.channel.embeddedEventLoop.run() }
        #expect(try client.received().hasPrefix("HTTP/1.1 200 OK\r\n"))
    }
}
