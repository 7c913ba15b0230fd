import Logging
import MartinetCore
import MartinetHTTP
import NIOCore

/// Asks one server over and over whether it is well. Lives on one event loop; at most one request is under way.
final class HealthProbe {
    let target: HealthCheckTarget
    private let loop: LoopContext
    private let logger: Logger
    private let info: ConnectionInfo
    private var timer: Scheduled<Void>?
    private var call: SubrequestCall?
    private var redirects = 0
    /// When the check under way has to be over.
    private var deadline = NIODeadline.distantFuture

    /// As many as Go's client follows.
    private static let mostRedirects = 10

    init(_ target: HealthCheckTarget, loop: LoopContext, logger: Logger) {
        self.target = target
        self.loop = loop
        var logger = logger
        logger[metadataKey: "serviceName"] = "\(target.service)"
        logger[metadataKey: "targetURL"] = "\(target.url)"
        self.logger = logger
        info = ConnectionInfo(
            peer: IPAddress(v4: 0x7F00_0001), peerPort: 0, entryPoint: "", localPort: 0, isTLS: false)
    }

    private var plan: HealthCheckPlan { target.plan }

    /// Plans the first request: one interval from now, as in Traefik, and `delay` more.
    func start(delay: TimeAmount) { schedule(.nanoseconds(plan.interval) + delay) }

    func stop() {
        timer?.cancel()
        call?.cancel()
        call = nil
    }

    private func schedule(_ pause: TimeAmount) {
        timer = loop.eventLoop.assumeIsolated().scheduleTask(in: pause) { [weak self] in self?.check() }
    }

    // MARK: One check

    private func check() {
        if let fault = plan.fault { return conclude(problem: fault) }
        redirects = 0
        deadline = .now() + .nanoseconds(plan.timeout)
        ask(plan.server, method: plan.method, target: plan.target, host: plan.host, pool: nil)
    }

    private func ask(_ server: UpstreamServer, method: String, target: String, host: String, pool: UpstreamPool?) {
        let isGRPC = plan.mode == .grpc
        var headers = HeaderBlock()
        for header in plan.headers where pool == nil || !Self.isSecret(header.name) {
            headers.set(name: header.name, value: header.value)
        }
        if !headers.contains(.userAgent) { headers.add(.userAgent, "Martinet") }
        let subrequest = Subrequest(
            server: server, method: method, requestURI: target, host: host, headers: headers,
            body: isGRPC ? GRPCHealth.question : nil, timeout: deadline - .now(), takesBody: isGRPC,
            maxResponseBody: isGRPC ? 4096 : nil)
        let call = SubrequestCall(subrequest, loop: loop, info: info, pool: pool)
        self.call = call
        call.start { [weak self] result in
            pool?.closeIdle()
            guard let self else { return }
            self.call = nil
            switch result {
            case .failure(let error): conclude(problem: Self.text(of: error))
            case .success(let answer) where isGRPC: conclude(problem: GRPCHealth.problem(in: answer))
            case .success(let answer): judge(answer, of: server, subrequest)
            }
        }
    }

    private func judge(_ answer: Subresponse, of server: UpstreamServer, _ asked: Subrequest) {
        let status = answer.head.status
        if plan.followsRedirects, [301, 302, 303, 307, 308].contains(status),
            let location = answer.head.headers.string(.location), !location.isEmpty
        {
            return follow(location, status: status, from: server, asked)
        }
        guard plan.accepts(status) else {
            let expected = plan.status.map { " expected status code: \($0)" } ?? ""
            return conclude(problem: "received error status code: \(status)\(expected)")
        }
        conclude(problem: nil)
    }

    // MARK: Redirections

    private func follow(_ location: String, status: UInt16, from server: UpstreamServer, _ asked: Subrequest) {
        redirects += 1
        guard redirects <= Self.mostRedirects else { return conclude(problem: "stopped after 10 redirects") }
        // 301, 302 and 303 turn other methods into GET (RFC 9110 §15.4).
        let keepsMethod = status >= 307 || asked.method == "GET" || asked.method == "HEAD"
        let method = keepsMethod ? asked.method : "GET"
        guard RelativeReference.isAbsolute(location) else {
            let target = RelativeReference.target(location, from: asked.requestURI)
            return ask(server, method: method, target: target, host: asked.host, pool: ownPool(of: server))
        }
        let url = location.hasPrefix("//") ? "\(server.scheme.rawValue):\(location)" : location
        do throws(CompilationFailure) {
            let address = try ServerAddress(url)
            var transport = plan.transport
            if address.scheme != .https { transport.security = nil }
            let next = UpstreamServer(
                url: url, scheme: address.scheme, host: address.host, port: address.port, authority: address.authority,
                pathPrefix: "", passHostHeader: true, transport: transport, pool: plan.server.pool)
            let target = RelativeReference.target(of: url)
            let isSame =
                next.scheme == plan.server.scheme && next.host == plan.server.host && next.port == plan.server.port
            ask(
                isSame ? plan.server : next, method: method, target: RelativeReference.target(target, from: "/"),
                host: address.authority, pool: isSame ? nil : UpstreamPool(server: next, loop: loop))
        } catch {
            conclude(problem: "cannot follow the redirection to \(location.prefix(200)): \(error.reason)")
        }
    }

    /// The pool for a server that is not the one of the plan: the configuration knows no pool for it.
    private func ownPool(of server: UpstreamServer) -> UpstreamPool? {
        server === plan.server ? nil : UpstreamPool(server: server, loop: loop)
    }

    /// Lines that must not follow a redirection to someone else.
    private static func isSecret(_ name: String) -> Bool {
        ["authorization", "cookie", "cookie2", "www-authenticate", "proxy-authorization"].contains(name.lowercased())
    }

    // MARK: Outcome

    private static func text(of error: UpstreamError) -> String {
        "HTTP request failed: \(error.reason)" + (error.detail.isEmpty ? "" : ": \(error.detail)")
    }

    private func conclude(problem: String?) {
        let isNews = target.state.set(isUp: problem == nil)
        if let problem {
            logger.log(level: isNews ? .warning : .debug, "Health check failed.", metadata: ["error": "\(problem)"])
        } else if isNews {
            logger.info("Health check succeeded: the server gets requests again")
        }
        schedule(.nanoseconds(problem == nil ? plan.interval : plan.unhealthyInterval))
    }
}
