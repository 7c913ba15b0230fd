import MartinetServer
import NIOCore
import NIOSSL

/// What an entry point does with a new connection, put together from the pieces: reads the hello, asks the table, puts the TLS handler
/// in its own place and lets it see every byte again.
final class TLSDoor: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let table: TLSTable
    private var reader = ClientHelloReader()
    private var received = ByteBuffer()
    /// What the connection was made under.
    private(set) var policy: ServerTLSPolicy?

    init(_ table: TLSTable) { self.table = table }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received.writeImmutableBuffer(unwrapInboundIn(data))
        guard policy == nil else { return }
        switch reader.read(received) {
        case .needsMore: break
        case .notTLS: context.close(promise: nil)
        case .refused(let alert): refuse(alert, context)
        case .hello(let hello):
            switch table.decide(hello) {
            case .serve(let policy, let certificate): serve(policy, certificate, context)
            case .refuse(let alert): refuse(alert, context)
            case .close: context.close(promise: nil)
            }
        }
    }

    private func serve(_ policy: ServerTLSPolicy, _ certificate: TLSCertificate, _ context: ChannelHandlerContext) {
        guard let handler = try? policy.makeHandler(for: certificate, noting: ShownChain()),
            (try? context.pipeline.syncOperations.addHandler(handler, position: .after(self))) != nil
        else {
            context.close(promise: nil)
            return
        }
        self.policy = policy
        context.fireChannelRead(wrapInboundOut(received))
        context.fireChannelReadComplete()
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    private func refuse(_ alert: TLSAlert, _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: alert.record)), promise: nil)
        context.close(promise: nil)
    }
}
