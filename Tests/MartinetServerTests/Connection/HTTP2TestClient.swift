import MartinetHTTP
import NIOCore
import NIOPosix

@testable import MartinetServer

/// An HTTP/2 client with prior knowledge, for one connection of a test.
final class HTTP2TestClient: ChannelInboundHandler, @unchecked Sendable {
    // Guard: everything but `channel`, which is set before the client is handed out, is used on the channel's event loop only.
    typealias InboundIn = ByteBuffer

    struct Answer: Sendable, Equatable {
        var status: UInt16 = 0
        var body = 0
        var ended = false
        var reset: HTTP2ErrorCode?

        var isOver: Bool { ended || reset != nil }
    }

    struct Missing: Error { let answers: [Answer] }

    private(set) var channel: (any Channel)?
    private var session = HTTP2Session(role: .client)
    private var input = ByteBuffer()
    private var order: [HTTP2StreamID] = []
    private var answers: [HTTP2StreamID: Answer] = [:]
    private var bodies: [HTTP2StreamID: ByteBuffer] = [:]
    private var waiting: [EventLoopPromise<[Answer]>] = []
    private(set) var saidGoodbye = false

    /// Requests that are sent with the preface, whenever the test's task has its next turn.
    private let first: [(path: String, body: Int)]

    private init(first: [(path: String, body: Int)]) { self.first = first }

    static func connect(port: UInt16, first: [(path: String, body: Int)] = []) async throws -> HTTP2TestClient {
        let client = HTTP2TestClient(first: first)
        _ = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelInitializer { $0.pipeline.addHandler(client) }
            .connect(host: "127.0.0.1", port: Int(port)).get()
        return client
    }

    // MARK: For tests

    /// Opens a stream for each of these at once.
    func send(_ requests: [(path: String, body: Int)]) async throws {
        guard let channel else { throw Missing(answers: []) }
        try await channel.eventLoop.submit { [self] in
            write { out in
                for request in requests { open(request.path, request.body, &out) }
            }
        }.get()
    }

    /// Resets the stream opened as number `index`.
    func reset(_ index: Int) async throws {
        try await channel?.eventLoop.submit { [self] in
            write { session.reset(order[index], .cancel, into: &$0) }
        }.get()
    }

    /// The answers in the order of the requests, when all have ended. Throws ``Missing`` after the ``patience`` of tests.
    func all() async throws -> [Answer] {
        guard let channel else { throw Missing(answers: []) }
        let promise = channel.eventLoop.makePromise(of: [Answer].self)
        channel.eventLoop.execute { [self] in
            waiting.append(promise)
            settle()
        }
        channel.eventLoop.scheduleTask(in: patience) { [self] in promise.fail(Missing(answers: current)) }
        return try await promise.futureResult.get()
    }

    func close() async throws { try await channel?.close().get() }

    // MARK: The connection

    private func open(_ path: String, _ body: Int, _ out: inout ByteBuffer) {
        var head = RequestHead()
        head.methodBytes = head.headers.store(body > 0 ? "POST" : "GET")
        head.method = body > 0 ? .post : .get
        head.host = head.headers.store("a.test")
        head.path = head.headers.store(path)
        guard let id = session.openRequest(head, to: .init(isSecure: false), end: body == 0, into: &out) else { return }
        order.append(id)
        answers[id] = Answer()
        if body > 0 { bodies[id] = ByteBuffer(repeating: 0x78, count: body) }
        pump(id, &out)
    }

    private func pump(_ id: HTTP2StreamID, _ out: inout ByteBuffer) {
        guard var body = bodies[id] else { return }
        bodies[id] = session.writeData(id, &body, end: true, into: &out) ? nil : body
    }

    func handlerAdded(context: ChannelHandlerContext) { channel = context.channel }

    func channelActive(context: ChannelHandlerContext) {
        write { out in
            session.start(into: &out)
            for request in first { open(request.path, request.body, &out) }
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        input.writeBuffer(&bytes)
        write { out in
            while true {
                switch session.next(&input, &out) {
                case .needMore: return
                case .response(let id, let end):
                    var head = ResponseHead()
                    session.takeResponse(into: &head)
                    answers[id]?.status = head.status
                    if end { answers[id]?.ended = true }
                case .data(let id, let piece, let end):
                    answers[id]?.body += piece.readableBytes
                    session.consume(id, piece.readableBytes, into: &out)
                    if end { answers[id]?.ended = true }
                case .end(let id, _): answers[id]?.ended = true
                case .reset(let id, let code, _): answers[id]?.reset = code
                case .windowOpened(let id) where !id.isConnection: pump(id, &out)
                case .windowOpened, .settings: for id in order { pump(id, &out) }
                case .goAway: saidGoodbye = true
                case .connectionError: return
                case .request, .refused, .interim, .unprocessed, .pong: break
                }
            }
        }
        settle()
    }

    private func write(_ body: (inout ByteBuffer) -> Void) {
        var out = ByteBuffer()
        body(&out)
        if out.readableBytes > 0 { channel?.writeAndFlush(out, promise: nil) }
    }

    private var current: [Answer] { order.compactMap { answers[$0] } }

    private func settle() {
        guard current.allSatisfy(\.isOver) else { return }
        for promise in waiting { promise.succeed(current) }
        waiting = []
    }
}
