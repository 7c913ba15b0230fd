import NIOCore
import NIOPosix
import NIOTLS

/// One connection, from the attempt to make it to its end: greets the server, then sends commands without waiting for the answers of
/// earlier ones (pipelining); answers come in the order of their commands.
final class RedisConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum Phase {
        /// Nothing is sent before the TLS handshake is over.
        case dialling, handshake, greeting, ready, ended
    }

    private struct Pending {
        let request: RedisRequest
        let sent: NIODeadline
    }

    /// What becomes of the connection: told to whoever made it.
    enum Event {
        case ready
        /// The first answer came that is no error.
        case proven
        /// The server answers a command with this error, which is none of the command's making.
        case complained(String)
        /// Nothing more will come; these commands have no answers. If it was not ``ready`` before, it could not be made.
        case ended(RedisError, unanswered: [RedisRequest])
    }

    private let settings: RedisSettings
    private var report: ((Event) -> Void)?
    private var phase = Phase.dialling
    private var greeting: RedisGreeting
    private var parser: RESPParser
    private var received = ByteBuffer()
    private var isProven = false
    private var pending = CircularBuffer<Pending>()
    private var context: ChannelHandlerContext?
    private var dialTimer: Scheduled<Void>?
    private var answerTimer: Scheduled<Void>?
    private var writeTimer: Scheduled<Void>?

    init(_ settings: RedisSettings, report: @escaping (Event) -> Void) {
        self.settings = settings
        self.report = report
        greeting = RedisGreeting(settings)
        parser = RESPParser(limits: settings.limits)
    }

    var pendingCount: Int { pending.count }

    // MARK: Dialling

    /// Once: the connection is made, within ``RedisSettings/dialTimeout``.
    func dial(_ address: RedisAddress, on loop: any EventLoop) {
        let limit = settings.dialTimeout ?? .hours(24)
        dialTimer = loop.assumeIsolated().scheduleTask(in: limit) { [weak self] in self?.close(.timeout) }
        let connecting = ClientBootstrap(group: loop)
            .connectTimeout(limit)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .connect(host: address.host, port: address.port)
        connecting.assumeIsolated().whenComplete { [weak self] result in
            switch result {
            case .failure(let error): self?.close(.unreachable(Self.reason(error)))
            case .success(let channel):
                guard let self, phase == .dialling else { return channel.close(promise: nil) }
                begin(on: channel, host: address.host)
            }
        }
    }

    private func begin(on channel: any Channel, host: String) {
        phase = settings.tls == nil ? .greeting : .handshake
        do {
            try channel.pipeline.syncOperations.addHandlers((settings.tls?(host) ?? []) + [self])
        } catch {
            channel.close(promise: nil)
            close(.unreachable("\(error)"))
        }
    }

    private static func reason(_ error: any Error) -> String {
        guard let both = error as? NIOConnectionError else { return "\(error)" }
        if let last = both.connectionErrors.last { return "\(last.error)" }
        return "no address of \(both.host) is known"
    }

    // MARK: Sending

    /// Only once it is ready.
    func send(_ request: RedisRequest) {
        guard phase == .ready, let context else { return request.completion(.failure(.connectionLost)) }
        pending.append(Pending(request: request, sent: .now()))
        write(request.command, context)
        watchAnswers(context)
    }

    private func write(_ command: RedisCommand, _ context: ChannelHandlerContext) {
        var buffer = context.channel.allocator.buffer(capacity: 512)
        command.write(into: &buffer)
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    /// Ends the connection; commands without answers are reported.
    func close(_ error: RedisError) {
        guard phase != .ended else { return }
        phase = .ended
        dialTimer?.cancel()
        answerTimer?.cancel()
        writeTimer?.cancel()
        let unanswered = pending.map(\.request)
        pending.removeAll()
        let report = self.report.take()
        context?.close(promise: nil)
        report?(.ended(error, unanswered: unanswered))
    }

    // MARK: Events of the channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if phase == .greeting, context.channel.isActive { write(greeting.begin(), context) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        close(.connectionLost)
        self.context = nil
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if phase == .handshake, case .some(.handshakeCompleted) = event as? TLSUserEvent {
            phase = .greeting
            write(greeting.begin(), context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        close(phase == .ready ? .connectionLost : .unreachable("the server closed the connection"))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        close(phase == .ready ? .connectionLost : .unreachable("\(error)"))
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        if received.readableBytes == 0 { received = bytes } else { received.writeBuffer(&bytes) }
        do throws(RESPError) {
            while phase != .ended, let value = try parser.next(&received) { answered(value, context) }
        } catch {
            close(.malformed(error))
        }
        if received.readableBytes == 0 { received = ByteBuffer() } else { received.discardReadBytes() }
    }

    private func answered(_ value: RESPValue, _ context: ChannelHandlerContext) {
        if case .push = value { return }
        switch phase {
        case .dialling, .handshake, .ended: return
        case .greeting:
            switch greeting.answered(value) {
            case .send(let command): write(command, context)
            case .fail(let error): close(error)
            case .done:
                phase = .ready
                dialTimer?.cancel()
                report?(.ready)
            }
        case .ready:
            guard let first = pending.first else { return close(.connectionLost) }
            judge(value)
            // A master that was made a replica, which has done nothing: whoever makes the next connection may find the new master.
            if case .error(let text) = value, text.hasPrefix("READONLY") { return close(.connectionLost) }
            pending.removeFirst()
            first.request.completion(.success(value))
        }
    }

    private func judge(_ value: RESPValue) {
        if case .error(let text) = value {
            let isOrdinary = ["NOSCRIPT", "MOVED", "ASK"].contains { text.hasPrefix($0) }
            if !isOrdinary { report?(.complained(text)) }
        } else if !isProven {
            isProven = true
            report?(.proven)
        }
    }

    // MARK: Time limits

    /// One timer for all commands: when it ends, the oldest has its answer or is too late.
    private func watchAnswers(_ context: ChannelHandlerContext) {
        guard answerTimer == nil, let limit = settings.readTimeout, let oldest = pending.first else { return }
        answerTimer = context.eventLoop.assumeIsolated().scheduleTask(deadline: oldest.sent + limit) { [weak self] in
            guard let self, let context = self.context else { return }
            answerTimer = nil
            if let oldest = pending.first, oldest.sent + limit <= .now() { return close(.timeout) }
            watchAnswers(context)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        writeTimer?.cancel()
        writeTimer = nil
        if let limit = settings.writeTimeout, !context.channel.isWritable {
            writeTimer = context.eventLoop.assumeIsolated().scheduleTask(in: limit) { [weak self] in
                self?.close(.timeout)
            }
        }
        context.fireChannelWritabilityChanged()
    }
}
