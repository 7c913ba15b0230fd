import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A channel's socket, to write to it without the channel.
///
/// Whoever holds one forgets it (``none``) before the channel closes the descriptor: the number may belong to another
/// connection at once.
struct SendingSocket {
    private let descriptor: CInt

    /// No socket: nothing may be sent.
    static let none = SendingSocket(descriptor: -1)

    #if os(Linux)
    private static let more = CInt(MSG_MORE)
    #else
    private static let more: CInt = 0
    #endif

    private init(descriptor: CInt) {
        self.descriptor = descriptor
    }

    /// The socket of a channel; ``none`` when the channel has none (tests).
    init(of context: ChannelHandlerContext) {
        let handle = try? context.pipeline.syncOperations.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) {
            $0
        }
        descriptor = (handle ?? nil) ?? -1
    }

    var isUsable: Bool { descriptor >= 0 }

    /// Returns how many bytes the kernel took. An error counts as none: the channel meets the same one and closes.
    ///
    /// - Parameter thenEnds: our direction is closed right behind it: the kernel waits for that, to send both in one packet.
    func send(_ bytes: UnsafeRawBufferPointer, thenEnds: Bool = false) -> Int {
        let flags = CInt(MSG_NOSIGNAL) | (thenEnds ? Self.more : 0)
        while true {
            let sent = Glibc.send(descriptor, bytes.baseAddress, bytes.count, flags)
            if sent >= 0 { return sent }
            guard errno == EINTR else { return 0 }
        }
    }

    /// Both in one call; how many bytes of them the kernel took.
    func send(_ first: ByteBuffer?, _ second: ByteBuffer) -> Int {
        second.withUnsafeReadableBytes { second in
            guard let first, first.readableBytes > 0 else { return send(second) }
            return first.withUnsafeReadableBytes { first in send(first, second) }
        }
    }

    private func send(_ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer) -> Int {
        var pieces = (
            iovec(iov_base: UnsafeMutableRawPointer(mutating: first.baseAddress), iov_len: first.count),
            iovec(iov_base: UnsafeMutableRawPointer(mutating: second.baseAddress), iov_len: second.count)
        )
        return withUnsafeMutableBytes(of: &pieces) { pieces in
            var message = msghdr()
            message.msg_iov = pieces.baseAddress?.assumingMemoryBound(to: iovec.self)
            message.msg_iovlen = 2
            while true {
                let sent = sendmsg(descriptor, &message, CInt(MSG_NOSIGNAL))
                if sent >= 0 { return sent }
                guard errno == EINTR else { return 0 }
            }
        }
    }
}
