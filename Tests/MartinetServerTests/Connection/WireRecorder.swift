import NIOCore

/// One end of a connection in a test: keeps what came, and lets the test wait for more.
final class WireRecorder: ChannelInboundHandler, @unchecked Sendable {
    // Guard: everything but `channel`, which is set before the recorder is handed out, is used on the channel's event loop only.
    typealias InboundIn = ByteBuffer

    private(set) var channel: (any Channel)?
    private var received = ByteBuffer()
    private var ended = false
    private var waiting: [(isDone: (String, Bool) -> Bool, promise: EventLoopPromise<String>)] = []
    /// What to send back for what came so far; called after each read.
    typealias Answer = (inout ByteBuffer) -> [Reply]
    enum Reply {
        case text(String)
        case close
    }

    private let answer: Answer
    /// What is sent as soon as there is a connection, on its event loop: a test's task may have to wait for its turn for seconds.
    private let first: String

    init(first: String = "", answer: @escaping Answer = { _ in [] }) {
        self.first = first
        self.answer = answer
    }

    func handlerAdded(context: ChannelHandlerContext) { channel = context.channel }

    func channelActive(context: ChannelHandlerContext) {
        if !first.isEmpty { context.writeAndFlush(NIOAny(ByteBuffer(string: first)), promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        received.writeBuffer(&bytes)
        for reply in answer(&received) {
            switch reply {
            case .text(let text): context.writeAndFlush(NIOAny(ByteBuffer(string: text)), promise: nil)
            case .close: context.close(promise: nil)
            }
        }
        settle()
    }

    func channelInactive(context: ChannelHandlerContext) { end() }
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.inputClosed) = event as? ChannelEvent { end() }
    }

    private func end() {
        ended = true
        settle()
    }

    private func settle() {
        let text = String(buffer: received)
        waiting.removeAll { wait in
            guard wait.isDone(text, ended) else { return false }
            wait.promise.succeed(text)
            return true
        }
    }

    struct Missing: Error { let received: String }

    /// What came, as soon as `isDone` says so of it and of whether the other side has ended. Throws ``Missing`` after the ``patience`` of tests.
    private func wait(_ isDone: @escaping @Sendable (String, Bool) -> Bool) async throws -> String {
        guard let channel else { throw Missing(received: "") }
        let promise = channel.eventLoop.makePromise(of: String.self)
        channel.eventLoop.execute { [self] in
            waiting.append((isDone, promise))
            settle()
        }
        channel.eventLoop.scheduleTask(in: patience) { [self] in
            promise.fail(Missing(received: String(buffer: received)))
        }
        return try await promise.futureResult.get()
    }

    /// Waits until `part` has come `count` times.
    @discardableResult
    func expect(_ part: String, times count: Int = 1) async throws -> String {
        try await wait { text, _ in text.components(of: part) >= count }
    }

    /// Waits for a whole head, or for the end of a connection without one.
    func expectAnswer() async throws -> String { try await wait { text, ended in ended || text.contains("\r\n\r\n") } }

    /// Waits until the other side has ended, and gives all that came.
    func all() async throws -> String { try await wait { _, ended in ended } }

    func send(_ text: String) async throws {
        try await channel?.writeAndFlush(ByteBuffer(string: text)).get()
    }

    func close(_ mode: CloseMode = .all) async throws { try await channel?.close(mode: mode).get() }
}
