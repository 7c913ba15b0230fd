import NIOCore
import NIOEmbedded
import NIOSSL
import NIOTLS

/// A TLS handshake between two handlers, in memory.
struct Handshake {
    enum Outcome: Equatable {
        /// With the protocol that was agreed on.
        case done(String?)
        case failed
    }

    private(set) var server = Outcome.failed
    private(set) var client = Outcome.failed
    /// What went wrong on the client's side, as text.
    private(set) var clientError = ""
    let clientHandler: NIOSSLClientHandler

    /// Notes how the handshake ended.
    private final class Ending: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        var outcome: Outcome?
        var error = ""

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if case .handshakeCompleted(let name)? = event as? TLSUserEvent, outcome == nil { outcome = .done(name) }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            outcome = .failed
            if self.error.isEmpty { self.error = "\(error)" }
        }
    }

    /// - Parameter segment: most bytes that the server gets at once.
    init(
        server serverHandler: any ChannelHandler, client clientHandler: NIOSSLClientHandler, segment: Int = .max
    ) throws {
        self.clientHandler = clientHandler
        let loop = EmbeddedEventLoop()
        let endings = (server: Ending(), client: Ending())
        let serverChannel = EmbeddedChannel(handlers: [serverHandler, endings.server], loop: loop)
        let clientChannel = EmbeddedChannel(handlers: [clientHandler, endings.client], loop: loop)
        let address = try SocketAddress(ipAddress: "127.0.0.1", port: 1)
        serverChannel.connect(to: address, promise: nil)
        clientChannel.connect(to: address, promise: nil)
        // Neither side has more than a few flights to send.
        for _ in 0..<20 {
            loop.run()
            Self.move(clientChannel, to: serverChannel, segment)
            Self.move(serverChannel, to: clientChannel, .max)
        }
        server = endings.server.outcome ?? .failed
        client = endings.client.outcome ?? .failed
        clientError = endings.client.error
        // Not `finish`: it waits for the other side's farewell, which nobody carries over.
        serverChannel.close(promise: nil)
        clientChannel.close(promise: nil)
        loop.advanceTime(by: .seconds(10))
    }

    private static func move(_ from: EmbeddedChannel, to other: EmbeddedChannel, _ segment: Int) {
        while var bytes = try? from.readOutbound(as: ByteBuffer.self) {
            // A side that has closed is told of in its outcome.
            while let part = bytes.readSlice(length: min(segment, bytes.readableBytes)), part.readableBytes > 0 {
                _ = try? other.writeInbound(part)
            }
        }
    }

    /// The common outcome; a client of TLS 1.3 learns late that its certificate was refused, so the server's word counts.
    var protocolAgreed: Outcome { client == .failed ? .failed : server }
    var isDone: Bool { protocolAgreed != .failed }
}
