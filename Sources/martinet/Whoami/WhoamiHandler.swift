import MartinetHTTP
import NIOCore

/// One connection of the demo server. Requests are answered in order, their bodies read and dropped (but for `/health`).
final class WhoamiHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State {
        case head, body, waiting, webSocket, closed
    }

    private let identity: WhoamiIdentity
    private let health: HealthStatus
    private var state = State.head
    private var input = ByteBuffer()
    private var parser = HTTP1RequestParser(limits: HTTP1Limits())
    private var decoder = HTTP1BodyDecoder(framing: .none)
    private var request = RequestHead()
    private var body = ByteBuffer()
    private var echo = WebSocketEcho()

    init(identity: WhoamiIdentity, health: HealthStatus) {
        self.identity = identity
        self.health = health
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        input.writeBuffer(&bytes)
        process(context)
        context.flush()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func channelInactive(context: ChannelHandlerContext) { state = .closed }

    private func process(_ context: ChannelHandlerContext) {
        while true {
            switch state {
            case .head:
                guard readHead(context) else { return }
            case .body:
                guard readBody(context) else { return }
            case .webSocket:
                var out = ByteBuffer()
                let open = echo.receive(&input, replyingTo: &out)
                if out.readableBytes > 0 { context.write(wrapOutboundOut(out), promise: nil) }
                if !open { finish(context) }
                return
            case .waiting, .closed:
                return
            }
        }
    }

    private func readHead(_ context: ChannelHandlerContext) -> Bool {
        switch parser.parse(&input, into: &request) {
        case .needMore:
            return false
        case .refused(let refusal):
            var out = ByteBuffer()
            WhoamiAnswer(status: Int(refusal.status), body: ByteBuffer(staticString: refusal.reason), keepAlive: false)
                .write(to: &out)
            context.write(wrapOutboundOut(out), promise: nil)
            finish(context)
            return false
        case .head:
            decoder = HTTP1BodyDecoder(framing: request.framing)
            body.clear()
            if request.expectsContinue {
                context.write(wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 100 Continue\r\n\r\n")), promise: nil)
            }
            state = .body
            return true
        }
    }

    private func readBody(_ context: ChannelHandlerContext) -> Bool {
        while request.framing != .none {
            switch decoder.next(&input) {
            case .needMore:
                return false
            case .data(var piece):
                if body.readableBytes < 4096 { body.writeBuffer(&piece) }
                continue
            case .end:
                break
            case .refused:
                finish(context)
                return false
            }
            break
        }
        respond(context)
        return state == .head || state == .webSocket
    }

    private func respond(_ context: ChannelHandlerContext) {
        let text = WhoamiReport(identity: identity, request: request, remote: context.remoteAddress)
        if request.pathString == "/echo", request.wantsUpgrade, let accept = WebSocketEcho.accept(request.headers) {
            context.write(wrapOutboundOut(accept), promise: nil)
            state = .webSocket
            return
        }
        let answer = text.answer(health: health, body: body)
        let delay = text.delay
        guard delay > .zero else { return send(answer, context) }
        state = .waiting
        let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: delay) {
            let (handler, context) = bound.value
            guard handler.state == .waiting else { return }
            handler.send(answer, context)
            handler.process(context)
            context.flush()
        }
    }

    private func send(_ answer: WhoamiAnswer, _ context: ChannelHandlerContext) {
        var out = ByteBuffer()
        answer.write(to: &out)
        context.write(wrapOutboundOut(out), promise: nil)
        state = .head
        if !answer.keepAlive { finish(context) }
    }

    private func finish(_ context: ChannelHandlerContext) {
        state = .closed
        context.writeAndFlush(wrapOutboundOut(ByteBuffer())).assumeIsolated().whenComplete { _ in
            context.close(promise: nil)
        }
    }
}
