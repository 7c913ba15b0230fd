import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Stands in front of accepting: lets through what the process has room for, and survives the system having none.
///
/// Without it an event loop would spin when there is no descriptor left: the listening socket stays readable, and each attempt fails.
/// It also prepares each connection, and hands it on behind the bootstrap's own handler, which would go to the connection's event
/// loop and back through eight futures for the same: 15 allocations a connection, and two wake-ups of another thread.
/// Belongs to one listening socket, on its event loop.
final class ConnectionGate: ChannelInboundHandler {
    typealias InboundIn = any Channel

    /// Makes an accepted channel a connection of ours, on the channel's event loop. An error closes it.
    typealias Prepare = @Sendable (any Channel) throws -> Void

    private let overload: OverloadGuard
    private let isReserved: Bool
    private let prepare: Prepare
    /// The place of the bootstrap's handler, once it is known.
    private var behind: ChannelHandlerContext?
    /// The end of the pause, while there is one.
    private var pause: Scheduled<Void>?

    /// How long nothing is accepted after the system refused. Short enough for nobody to notice that descriptors are back, long enough
    /// to cost nothing: ten system calls a second.
    static let patience = TimeAmount.milliseconds(100)

    /// The name that NIO gives the bootstrap's handler. Should it change, connections pass that one, and are served the same.
    private static let acceptHandler = "AcceptHandler"

    /// - Parameter isReserved: whether the entry point is the operator's.
    init(overload: OverloadGuard, isReserved: Bool, prepare: @escaping Prepare) {
        self.overload = overload
        self.isReserved = isReserved
        self.prepare = prepare
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let channel = unwrapInboundIn(data)
        guard overload.admit(isReserved: isReserved, now: NIODeadline.now().uptimeNanoseconds) else {
            return Self.reset(channel)
        }
        if channel.eventLoop === context.eventLoop {
            Self.begin(channel, prepare)
        } else {
            // Before the channel is registered, which is the next task of its loop.
            channel.eventLoop.execute { [prepare] in Self.begin(channel, prepare) }
        }
        if behind == nil { behind = try? context.pipeline.syncOperations.context(name: Self.acceptHandler) }
        (behind ?? context).fireChannelRead(data)
    }

    private static func begin(_ channel: any Channel, _ prepare: Prepare) {
        do { try prepare(channel) } catch { channel.close(promise: nil) }
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

    func handlerRemoved(context: ChannelHandlerContext) { behind = nil }

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
