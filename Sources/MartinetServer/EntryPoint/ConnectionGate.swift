import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Stands in front of accepting: lets through what the process has room for, and survives the system having none.
///
/// Without it an event loop would spin when there is no descriptor left: the listening socket stays readable, and each attempt fails.
/// Belongs to one listening socket, on its event loop.
final class ConnectionGate: ChannelInboundHandler {
    typealias InboundIn = any Channel

    private let overload: OverloadGuard
    private let isReserved: Bool
    /// The end of the pause, while there is one.
    private var pause: Scheduled<Void>?

    /// How long nothing is accepted after the system refused. Short enough for nobody to notice that descriptors are back, long enough
    /// to cost nothing: ten system calls a second.
    static let patience = TimeAmount.milliseconds(100)

    /// - Parameter isReserved: whether the entry point is the operator's.
    init(overload: OverloadGuard, isReserved: Bool) {
        self.overload = overload
        self.isReserved = isReserved
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard overload.admit(isReserved: isReserved, now: NIODeadline.now().uptimeNanoseconds) else {
            return Self.reset(unwrapInboundIn(data))
        }
        context.fireChannelRead(data)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let code = (error as? IOError)?.errnoCode, DescriptorShortage.stopsAccepting(code) else {
            return context.fireErrorCaught(error)
        }
        overload.noteShortage(now: NIODeadline.now().uptimeNanoseconds)
        guard pause == nil else { return }
        // Not by holding back `read`: a channel whose read failed still counts as having one pending, and is not asked again.
        context.setAutoRead(false)
        pause = context.eventLoop.assumeIsolated().scheduleTask(in: Self.patience) { [self] in
            pause = nil
            context.setAutoRead(true)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        pause?.cancel()
        pause = nil
        context.fireChannelInactive()
    }

    /// Ends a connection with a reset: nothing of it stays behind, not even in the kernel.
    static func reset(_ channel: any Channel) {
        _ = (channel as? any SocketOptionProvider)?.setSoLinger(linger(l_onoff: 1, l_linger: 0))
        channel.close(promise: nil)
    }
}
