import NIOCore
import NIOPosix
import Testing

@testable import MartinetServer

@Suite("What a TLS handler writes reaches the socket")
struct CiphertextSenderTests {
    /// Far more than the kernel takes at once while nobody reads.
    private static let pieces = 2_000
    private static let pieceLength = 4_096

    /// A server for one connection, which has a sender and may answer by pieces of some lengths, and that connection.
    private static func server(
        _ group: MultiThreadedEventLoopGroup, answering lengths: [Int]? = nil
    ) async throws -> (server: any Channel, accepted: EventLoopFuture<any Channel>) {
        let accepted = group.next().makePromise(of: (any Channel).self)
        let server = try await ServerBootstrap(group: group)
            .childChannelOption(.socketOption(.so_sndbuf), value: 16_384)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let loop = LoopContext(eventLoop: channel.eventLoop, count: 1, hostName: "test") { $0() }
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.addHandler(CiphertextSender(loop: loop))
                    if let lengths { try pipeline.addHandler(Answerer(lengths: lengths)) }
                    accepted.succeed(channel)
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return (server, accepted.futureResult)
    }

    /// A client, and all that it gets until the server closes.
    private static func client(
        of server: any Channel, _ group: MultiThreadedEventLoopGroup, reads: Bool
    ) async throws -> (client: any Channel, received: EventLoopFuture<[UInt8]>) {
        let collector = group.next().makePromise(of: [UInt8].self)
        let client = try await ClientBootstrap(group: group)
            .channelOption(.autoRead, value: reads)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(collector))
                }
            }
            .connect(to: try #require(server.localAddress)).get()
        return (client, collector.futureResult)
    }

    @Test("everything, in order, when the peer reads late")
    func keepsTheOrder() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let (server, accepted) = try await Self.server(group)
        let (client, collected) = try await Self.client(of: server, group, reads: false)
        let writer = try await accepted.get()
        let written = try await writer.eventLoop.submit {
            var futures: [EventLoopFuture<Void>] = []
            for number in 0..<Self.pieces {
                let piece = ByteBuffer(repeating: UInt8(truncatingIfNeeded: number), count: Self.pieceLength)
                futures.append(writer.writeAndFlush(piece))
            }
            let last = EventLoopFuture.andAllSucceed(futures, on: writer.eventLoop)
            last.whenComplete { _ in writer.close(promise: nil) }
            return (waits: futures.last?.isFulfilledForTest == false, last)
        }.get()
        #expect(written.waits, "nobody reads, so the last piece must wait in the channel")
        try await client.setOption(.autoRead, value: true).get()
        try await written.1.get()
        let received = try await collected.get()
        #expect(received.count == Self.pieces * Self.pieceLength)
        let inOrder = (0..<Self.pieces).allSatisfy { number in
            received[number * Self.pieceLength] == UInt8(truncatingIfNeeded: number)
                && received[(number + 1) * Self.pieceLength - 1] == UInt8(truncatingIfNeeded: number)
        }
        #expect(inOrder)
        try await server.close().get()
        try await group.shutdownGracefully()
    }

    /// What is written while something is read leaves together behind it, unless it is long.
    @Test(
        "in order, what is written during a read, and the end behind it", arguments: [[3, 4], [3, 9_000, 4], [5_000]])
    func gathersDuringReads(lengths: [Int]) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let (server, _) = try await Self.server(group, answering: lengths)
        let (client, collected) = try await Self.client(of: server, group, reads: true)
        try await client.writeAndFlush(ByteBuffer(string: "go")).get()
        let received = try await collected.get()
        #expect(received == lengths.enumerated().flatMap { Array(repeating: UInt8($0 + 1), count: $1) })
        try await server.close().get()
        try await group.shutdownGracefully()
    }

    @Test("nothing after the close, whoever began it", arguments: [true, false])
    func forgetsTheSocket(peerCloses: Bool) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let (server, accepted) = try await Self.server(group)
        let address = try #require(server.localAddress)
        let client = try await ClientBootstrap(group: group).connect(to: address).get()
        let writer = try await accepted.get()
        if peerCloses {
            try await client.close().get()
            try await writer.closeFuture.get()
        } else {
            writer.close(promise: nil)
        }
        await #expect(throws: ChannelError.self) { try await writer.writeAndFlush(ByteBuffer(string: "late")).get() }
        try? await client.close().get()
        try await server.close().get()
        try await group.shutdownGracefully()
    }
}

extension EventLoopFuture where Value == Void {
    /// On the event loop.
    fileprivate var isFulfilledForTest: Bool {
        let seen = Seen()
        assumeIsolated().whenComplete { _ in seen.value = true }
        return seen.value
    }

    private final class Seen {
        var value = false
    }
}

/// Gathers what comes until the other end closes.
private final class Collector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private var bytes: [UInt8] = []
    private let done: EventLoopPromise<[UInt8]>

    init(_ done: EventLoopPromise<[UInt8]>) { self.done = done }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes.append(contentsOf: unwrapInboundIn(data).readableBytesView)
    }

    func channelInactive(context: ChannelHandlerContext) { done.succeed(bytes) }
}

/// Answers what it reads with pieces of these lengths, each of bytes that are its number, and closes its direction.
private final class Answerer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let lengths: [Int]

    init(lengths: [Int]) { self.lengths = lengths }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        for (index, length) in lengths.enumerated() {
            let piece = ByteBuffer(repeating: UInt8(index + 1), count: length)
            context.writeAndFlush(NIOAny(piece), promise: nil)
        }
        context.close(mode: .output, promise: nil)
    }
}
