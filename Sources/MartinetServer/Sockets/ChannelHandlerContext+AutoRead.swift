import NIOCore

extension ChannelHandlerContext {
    /// Whether the channel reads whenever there is something, or not at all: back-pressure towards the sender.
    func setAutoRead(_ enabled: Bool) {
        try? channel.syncOptions?.setOption(.autoRead, value: enabled)
    }
}
