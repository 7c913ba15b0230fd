import MartinetCore
import MartinetHTTP
import NIOCore

/// A copy of a request on its way to a mirror: a stream whose client is nobody. It is in no access log.
final class MirrorStream: ClientStream, ClientConnection {
    /// How long a mirror may take, its answer included. What is not done by then is broken off.
    private static let longest = TimeAmount.seconds(60)
    private var limit: Scheduled<Void>?
    /// Kept to the end, for its share of the memory is given back with it.
    private var copy: RequestCopy?

    init(loop: LoopContext, entryPoint: EntryPoint, info: ConnectionInfo) {
        super.init(loop: loop, entryPoint: entryPoint, info: info, policy: nil)
    }

    /// Sends `copy` to `service`; ends by itself.
    /// - Parameter file: what has its body, when that lies in a file. Several mirrors may read from it at once.
    func start(_ copy: RequestCopy, file: Spool?, _ service: any HTTPService) {
        self.copy = copy
        let exchange = loop.takeExchange(for: info)
        exchange.request = copy.head.copy()
        exchange.request.expectsContinue = false
        let body = copy.body
        let hasBody = copy.takesBody && copy.head.framing != .none
        exchange.request.framing =
            hasBody ? .length(UInt64(file?.count ?? body.readableBytes)) : .ofMissingBody(copy.head.method)
        self.exchange = exchange
        admit(exchange)
        requestBodyDone = true
        if hasBody {
            if let file { spool = file } else { exchange.bufferedBody = body }
        }
        route = Route(name: "", chain: [], service: service, serviceName: service.name, logsAccess: false)
        loop.add(self)
        limit = loop.eventLoop.assumeIsolated().scheduleTask(in: Self.longest) { [self] in close() }
        runChain(exchange, from: 0)
        proceed()
    }

    /// The request is whole from the start: all there is to do is to send it.
    override func proceed() { upstream?.flush() }

    override func answerEnded() { end() }

    /// Nobody waits for it, but its server is at work: it ends by itself and gives way to nobody.
    var use: ConnectionUse { .busy }
    var hasSocket: Bool { false }

    override func close() {
        guard phase != .closed else { return }
        phase = .closing
        clientGone()
        end()
    }

    /// A copy is sent to its end: the process waits for it as long as for any request.
    func stopAccepting() {}

    private func end() {
        guard phase != .closed else { return }
        phase = .closed
        copy = nil
        limit?.cancel()
        loop.remove(self)
        loop.mirrorEnded()
    }
}
