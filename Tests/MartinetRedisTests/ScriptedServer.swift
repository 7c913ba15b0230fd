import NIOCore
import NIOPosix

@testable import MartinetRedis

/// A server on loopback that answers each command as a script says.
final class ScriptedServer: Sendable {
    enum Answer: Sendable {
        case bytes(String)
        case silence
        case close
    }

    /// Told the number of the connection, from 1, and the command's words.
    typealias Script = @Sendable (_ connection: Int, _ words: [String]) -> Answer

    let address: RedisAddress
    private let channel: any Channel

    init(_ script: @escaping Script) async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let numbers = NIOLoopBoundBox.makeBoxSendingValue(0, eventLoop: loop)
        channel = try await ServerBootstrap(group: loop)
            .childChannelInitializer { channel in
                // On the loop of the listener: the group has this one loop.
                channel.eventLoop.makeCompletedFuture {
                    numbers.value += 1
                    try channel.pipeline.syncOperations.addHandler(ScriptedConnection(numbers.value, script))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        address = RedisAddress(host: "127.0.0.1", port: channel.localAddress?.port ?? 0)
    }

    func stop() async throws { try await channel.close() }

    /// Answers greetings as Redis does, and everything else as `script` says.
    static func greeting(_ script: @escaping Script) -> Script {
        { connection, words in
            words[0] == "HELLO" ? .bytes("%1\r\n+proto\r\n:3\r\n") : script(connection, words)
        }
    }
}

private final class ScriptedConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let number: Int
    private let script: ScriptedServer.Script
    private var parser = RESPParser()
    private var received = ByteBuffer()

    init(_ number: Int, _ script: @escaping ScriptedServer.Script) {
        self.number = number
        self.script = script
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        received.writeBuffer(&bytes)
        while let command = try? parser.next(&received) {
            guard case .array(let words) = command else { return context.close(promise: nil) }
            switch script(number, words.compactMap(\.text)) {
            case .bytes(let text): context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
            case .silence: break
            case .close: return context.close(promise: nil)
            }
        }
    }
}
