import MartinetCore
import NIOCore
import NIOPosix

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Makes connections to one origin on one event loop, up to where requests can be sent.
final class UpstreamConnector {
    enum Connection {
        case http1(UpstreamConnection)
        /// The server has said how many streams it allows.
        case http2(HTTP2UpstreamConnection)
    }

    /// Reads of the socket before others have their turn.
    static let readsAtATime: UInt = 4

    typealias Done = (Result<Connection, UpstreamError>) -> Void

    private let loop: LoopContext
    private let scheme: UpstreamServer.Scheme
    private let host: String
    private let port: UInt16
    private let transport: UpstreamTransport
    /// The origin's address when it is a literal; names are resolved at each connect.
    private let address: SocketAddress?

    init(server: UpstreamServer, loop: LoopContext) {
        self.loop = loop
        scheme = server.scheme
        host = server.host
        port = server.port
        transport = server.transport
        address = try? SocketAddress(ipAddress: server.host, port: Int(server.port))
    }

    var peer: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    private var policy: UpstreamTLSPolicy? { transport.security?.policy as? UpstreamTLSPolicy }

    /// Whether servers may choose HTTP/2 by ALPN.
    var offersHTTP2: Bool { policy?.offersHTTP2 ?? false }

    /// - Parameters:
    ///   - onlyHTTP1: the connection must be an HTTP/1 one; servers of the scheme `h2c` are spoken to in HTTP/1 then, as by Traefik.
    ///   - done: called once.
    func connect(for pool: UpstreamPool, onlyHTTP1: Bool, _ done: @escaping Done) {
        // A descriptor more may be had by closing connections that nobody uses.
        guard loop.overload.takeServerConnection() || loop.freeDescriptors() && loop.overload.takeServerConnection()
        else {
            return done(.failure(failure(.exhausted, "the limit of open files leaves no room for a connection")))
        }
        open { [self] result in
            switch result {
            case .success(let channel):
                channel.closeFuture.assumeIsolated().whenComplete { [loop] _ in loop.overload.serverGone() }
                start(on: channel, pool, onlyHTTP1: onlyHTTP1, done)
            case .failure(let error):
                loop.overload.serverGone()
                done(.failure(connectError(error)))
            }
        }
    }

    /// Makes the connection; once more if the system had no descriptor and some could be freed.
    private func open(again: Bool = true, _ opened: @escaping (Result<any Channel, any Error>) -> Void) {
        let timeout = transport.dialTimeout > 0 ? TimeAmount.nanoseconds(transport.dialTimeout) : .hours(24)
        let bootstrap = ClientBootstrap(group: loop.eventLoop)
            .connectTimeout(timeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelOption(.maxMessagesPerRead, value: Self.readsAtATime)
        let connecting = address.map { bootstrap.connect(to: $0) } ?? bootstrap.connect(host: host, port: Int(port))
        connecting.assumeIsolated().whenComplete { [self] result in
            if again, case .failure(let error) = result, DescriptorShortage.isMeant(by: Self.cause(error)),
                loop.freeDescriptors()
            {
                return open(again: false, opened)
            }
            opened(result)
        }
    }

    private func start(on channel: any Channel, _ pool: UpstreamPool, onlyHTTP1: Bool, _ done: @escaping Done) {
        do {
            if let policy {
                try begin(on: channel, policy, pool, onlyHTTP1: onlyHTTP1, done)
            } else {
                try begin(on: channel, pool, onlyHTTP1: onlyHTTP1, done)
            }
        } catch {
            channel.close(promise: nil)
            done(.failure(failure(.tls, "\(error)")))
        }
    }

    /// Without TLS.
    private func begin(on channel: any Channel, _ pool: UpstreamPool, onlyHTTP1: Bool, _ done: @escaping Done) throws {
        guard scheme == .h2c, !onlyHTTP1 else {
            let connection = UpstreamConnection(pool: pool, loop: loop)
            try channel.pipeline.syncOperations.addHandler(connection)
            return done(.success(.http1(connection)))
        }
        try channel.pipeline.syncOperations.addHandler(http2(pool, done))
    }

    /// With TLS: ALPN decides what the connection becomes.
    private func begin(
        on channel: any Channel, _ policy: UpstreamTLSPolicy, _ pool: UpstreamPool, onlyHTTP1: Bool,
        _ done: @escaping Done
    ) throws {
        var connection: UpstreamConnection?
        let tls = try policy.makeHandler(host: host, withoutHTTP2: onlyHTTP1)
        let handshake = UpstreamHandshake(
            policy: policy, tls: tls,
            place: { [self] negotiated in
                if negotiated == "h2" { return http2(pool, done) }
                let made = UpstreamConnection(pool: pool, loop: loop)
                connection = made
                return made
            },
            done: { [self] problem in
                if let problem { return done(.failure(failure(problem.reason, problem.detail))) }
                // An HTTP/2 connection speaks for itself once the server has.
                if let connection { done(.success(.http1(connection))) }
            })
        try channel.pipeline.syncOperations.addHandlers([CiphertextSender(loop: loop), tls, handshake])
        handshake.limit(transport.dialTimeout)
    }

    private func http2(_ pool: UpstreamPool, _ done: @escaping Done) -> HTTP2UpstreamConnection {
        HTTP2UpstreamConnection(pool: pool, loop: loop) { connection, error in
            if let error { done(.failure(error)) } else { done(.success(.http2(connection))) }
        }
    }

    private func failure(_ reason: UpstreamError.Reason, _ detail: String) -> UpstreamError {
        UpstreamError(stage: .connect, reason: reason, peer: peer, detail: detail)
    }

    private func connectError(_ error: any Error) -> UpstreamError {
        var reason = UpstreamError.Reason.unreachable
        let cause = Self.cause(error)
        if let both = error as? NIOConnectionError, both.connectionErrors.isEmpty { reason = .nameNotFound }
        if let io = cause as? IOError, io.errnoCode == ECONNREFUSED { reason = .refused }
        if case .connectTimeout = cause as? ChannelError { reason = .connectTimeout }
        if DescriptorShortage.isMeant(by: cause) { reason = .exhausted }
        return UpstreamError(stage: .connect, reason: reason, peer: peer, detail: "\(cause)")
    }

    /// What went wrong at last, of the attempts for several addresses.
    private static func cause(_ error: any Error) -> any Error {
        guard let both = error as? NIOConnectionError else { return error }
        return both.connectionErrors.last?.error ?? both.dnsAError ?? both.dnsAAAAError ?? error
    }
}
