import MartinetCore
import MartinetHTTP
import NIOCore
import NIOEmbedded

extension Exchange {
    /// A request of a client on loopback, with these header lines.
    static func get(_ path: String = "/", _ lines: [(String, String)] = []) -> Exchange {
        let exchange = Exchange(
            connection: ConnectionInfo(
                peer: IPAddress(v4: 0x7F00_0001), peerPort: 1, entryPoint: "web", localPort: 80, isTLS: false))
        exchange.request.setPath(path)
        for (name, value) in lines { exchange.request.headers.add(name: name, value: value) }
        return exchange
    }

    /// The request's header lines as `Name: value`, those in spellings of their own included.
    var requestLines: [String] {
        request.headers.entries.map { "\(request.headers.string($0.name)): \(request.headers.string($0.value))" }
    }
}

/// A connection whose subrequests are answered at once, always alike.
final class AnsweringDriver: ExchangeDriver {
    let eventLoop: any EventLoop = EmbeddedEventLoop()
    private let answer: [(String, String)]
    private(set) var outcome: RequestOutcome?
    /// Host and target of the last subrequest.
    private(set) var asked: String?
    /// How often work went to another thread.
    private(set) var offloaded = 0

    /// `answer`: header lines of a 200.
    init(answer: [(String, String)]) { self.answer = answer }

    let copyBudget = BodyBudget()

    func resume(_ outcome: RequestOutcome) { self.outcome = outcome }

    func collectBody(in copy: RequestCopy) {}
    func send(_ copy: RequestCopy, to service: any HTTPService) {}

    func call(_ subrequest: Subrequest, completion: @escaping (Result<Subresponse, UpstreamError>) -> Void) {
        asked = "\(subrequest.host) \(subrequest.requestURI)"
        var head = ResponseHead()
        head.status = 200
        for (name, value) in answer { head.headers.add(name: name, value: value) }
        completion(.success(Subresponse(head: head, body: ByteBuffer())))
    }

    func schedule(after delay: TimeAmount, completion: @escaping () -> Void) { completion() }

    func offload<Value: Sendable>(_ work: @escaping @Sendable () -> Value, completion: @escaping (Value) -> Void) {
        offloaded += 1
        completion(work())
    }

    func wait<Value: Sendable>(
        for future: EventLoopFuture<Value>, completion: @escaping (Result<Value, any Error>) -> Void
    ) {
        future.assumeIsolated().whenComplete(completion)
    }
}
