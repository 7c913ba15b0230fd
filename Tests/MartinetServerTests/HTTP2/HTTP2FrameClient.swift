import NIOCore
import NIOPosix

@testable import MartinetHTTP

/// An HTTP/2 client that writes whatever bytes a test gives it, and keeps what comes back.
final class HTTP2FrameClient: ChannelInboundHandler, @unchecked Sendable {
    // Guard: everything but `channel`, which is set before the client is handed out, is used on the channel's event loop only.
    typealias InboundIn = ByteBuffer

    /// What has come so far.
    struct Received: Sendable {
        /// Field sections by stream, in order, each a list of `name: value`.
        var sections: [UInt32: [[String]]] = [:]
        var bodies: [UInt32: Int] = [:]
        var texts: [UInt32: String] = [:]
        /// Sizes of DATA frames, of all streams.
        var pieces: [Int] = []
        var ended: Set<UInt32> = []
        var resets: [UInt32: HTTP2ErrorCode] = [:]
        var settings: [UInt16: UInt32] = [:]
        var goAway: HTTP2ErrorCode?
        /// The last stream that each GOAWAY named.
        var lastStreams: [UInt32] = []
        var pongs = 0
        var isClosed = false

        func status(_ stream: UInt32) -> String? {
            sections[stream]?.first?.first { $0.hasPrefix(":status: ") }.map { String($0.dropFirst(9)) }
        }
    }

    struct Missing: Error { let received: Received }

    private(set) var channel: (any Channel)?
    private var received = Received()
    private var input = ByteBuffer()
    private var decoder = HPACKDecoder(limit: 4096)
    private var waiting: [(isDone: (Received) -> Bool, promise: EventLoopPromise<Received>)] = []
    /// Whether each DATA frame is given back to its stream and to the connection by itself.
    private let grants: Bool
    /// What is sent as soon as there is a connection, whenever the test's task has its next turn.
    private let first: [UInt8]
    /// What is sent when a PING with this payload comes; nothing by itself.
    private let onPing: @Sendable ([UInt8]) -> [UInt8]

    init(grants: Bool, first: [UInt8], onPing: @escaping @Sendable ([UInt8]) -> [UInt8]) {
        self.grants = grants
        self.first = first
        self.onPing = onPing
    }

    /// Connects, and sends preface, settings and `first`.
    static func connect(
        port: UInt16, settings: [(UInt16, UInt32)] = [], first: [UInt8] = [], grants: Bool = false, reads: Bool = true,
        onPing: @escaping @Sendable ([UInt8]) -> [UInt8] = { _ in [] }
    ) async throws -> HTTP2FrameClient {
        let client = HTTP2FrameClient(
            grants: grants, first: HTTP2Frames.preface + HTTP2Frames.settings(settings) + first, onPing: onPing)
        _ = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelOption(.autoRead, value: reads)
            .channelInitializer { $0.pipeline.addHandler(client) }
            .connect(host: "127.0.0.1", port: Int(port)).get()
        return client
    }

    /// Sends, and does not mind when the other side has gone.
    func send(_ bytes: [UInt8]) async throws {
        guard let channel else { return }
        try? await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    /// Waits until `isDone` says so. Throws ``Missing`` after the ``patience`` of tests.
    @discardableResult
    func wait(_ isDone: @escaping @Sendable (Received) -> Bool) async throws -> Received {
        guard let channel else { throw Missing(received: Received()) }
        let promise = channel.eventLoop.makePromise(of: Received.self)
        channel.eventLoop.execute { [self] in
            waiting.append((isDone, promise))
            settle()
        }
        channel.eventLoop.scheduleTask(in: patience) { [self] in promise.fail(Missing(received: received)) }
        return try await promise.futureResult.get()
    }

    func close() async throws { try? await channel?.close().get() }

    // MARK: The connection

    func handlerAdded(context: ChannelHandlerContext) { channel = context.channel }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(NIOAny(ByteBuffer(bytes: first)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        input.writeBuffer(&bytes)
        var answer: [UInt8] = []
        while let (word, flags, stream) = input.getMultipleIntegers(
            at: input.readerIndex, as: (UInt32, UInt8, UInt32).self), input.readableBytes >= 9 + Int(word >> 8)
        {
            input.moveReaderIndex(forwardBy: 9)
            let payload = input.readSlice(length: Int(word >> 8)) ?? ByteBuffer()
            answer += take(UInt8(word & 255), flags, stream, payload)
        }
        if !answer.isEmpty { context.writeAndFlush(NIOAny(ByteBuffer(bytes: answer)), promise: nil) }
        settle()
    }

    func channelInactive(context: ChannelHandlerContext) {
        received.isClosed = true
        settle()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func take(_ kind: UInt8, _ flags: UInt8, _ stream: UInt32, _ payload: ByteBuffer) -> [UInt8] {
        var payload = payload
        let length = payload.readableBytes
        switch kind {
        case 0:
            received.pieces.append(length)
            received.bodies[stream, default: 0] += length
            if length <= 4096 { received.texts[stream, default: ""] += String(buffer: payload) }
            if flags & 1 != 0 { received.ended.insert(stream) }
            guard grants, length > 0 else { return [] }
            return HTTP2Frames.windowUpdate(0, UInt32(length))
                + (flags & 1 != 0 ? [] : HTTP2Frames.windowUpdate(stream, UInt32(length)))
        case 1:
            var list = FieldList()
            _ = payload.withUnsafeReadableBytes { try? decoder.decode($0, into: &list) }
            received.sections[stream, default: []].append(list.lines)
            if flags & 1 != 0 { received.ended.insert(stream) }
        case 3:
            received.resets[stream] = HTTP2ErrorCode(rawValue: payload.readInteger(as: UInt32.self) ?? 0)
        case 4:
            guard flags & 1 == 0 else { return [] }
            while let (id, value) = payload.readMultipleIntegers(as: (UInt16, UInt32).self) {
                received.settings[id] = value
            }
            return HTTP2Frames.frame(4, 1, 0)
        case 6:
            if flags & 1 != 0 { received.pongs += 1 } else { return onPing(Array(payload.readableBytesView)) }
        case 7:
            let (last, code) = payload.readMultipleIntegers(as: (UInt32, UInt32).self) ?? (0, 0)
            received.goAway = HTTP2ErrorCode(rawValue: code)
            received.lastStreams.append(last)
        default: break
        }
        return []
    }

    private func settle() {
        let now = received
        waiting.removeAll { wait in
            guard wait.isDone(now) else { return false }
            wait.promise.succeed(now)
            return true
        }
    }
}
