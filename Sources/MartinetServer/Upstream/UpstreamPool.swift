import MartinetCore
import NIOCore
import NIOPosix

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The connections of one event loop to one origin.
final class UpstreamPool {
    /// Told when a leased connection is ready, or why there is none.
    typealias Ready = (Result<UpstreamConnection, UpstreamError>) -> Void

    private let loop: LoopContext
    private let host: String
    private let port: UInt16
    private let transport: UpstreamTransport
    private var idle: IdlePool<UpstreamConnection>
    /// The origin's address when it is a literal; names are resolved at each connect.
    private let address: SocketAddress?

    init(server: UpstreamServer, loop: LoopContext) {
        self.loop = loop
        self.host = server.host
        self.port = server.port
        self.transport = server.transport
        self.address = try? SocketAddress(ipAddress: server.host, port: Int(server.port))
        // The limit is for the whole process; each loop keeps its share, rounded up.
        let limit = max(0, server.transport.maxIdleConnsPerHost)
        self.idle = IdlePool(
            capacity: (limit + loop.count - 1) / loop.count,
            timeout: UInt64(clamping: server.transport.idleConnTimeout)
        )
    }

    var peer: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
    var idleCount: Int { idle.idleCount }
    /// Whether connections carry HTTP without TLS.
    var isPlain: Bool { transport.security == nil }

    /// Calls `ready` at once with a free connection, or once a new one is made. `fresh` demands a new one.
    func lease(fresh: Bool, _ ready: @escaping Ready) {
        while case .reuse(let connection) = idle.lease(fresh: fresh) {
            if connection.isUsable { return ready(.success(connection)) }
        }
        connect(ready)
    }

    /// A free connection right now, or nil. The common case, without a closure.
    func leaseIdle() -> UpstreamConnection? {
        while case .reuse(let connection) = idle.lease(fresh: false) {
            if connection.isUsable { return connection }
        }
        return nil
    }

    /// Takes a connection back whose last exchange ended cleanly.
    func release(_ connection: UpstreamConnection) {
        if loop.isStopping || idle.release(connection, now: loop.coarseUptime) == .close { connection.close() }
    }

    func remove(_ connection: UpstreamConnection) { idle.remove(connection) }

    func expire(now: UInt64) {
        for connection in idle.expire(now: now) { connection.close() }
    }

    func closeIdle() {
        for connection in idle.drain() { connection.close() }
    }

    private func connect(_ ready: @escaping Ready) {
        let timeout = transport.dialTimeout > 0 ? TimeAmount.nanoseconds(transport.dialTimeout) : .hours(24)
        let bootstrap = ClientBootstrap(group: loop.eventLoop)
            .connectTimeout(timeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.socketOption(.so_keepalive), value: 1)
            .channelOption(.maxMessagesPerRead, value: 4)
        let connecting = address.map { bootstrap.connect(to: $0) } ?? bootstrap.connect(host: host, port: Int(port))
        connecting.assumeIsolated().whenComplete { [self] result in
            switch result {
            case .success(let channel):
                begin(on: channel, ready)
            case .failure(let error):
                ready(.failure(connectError(error)))
            }
        }
    }

    private func begin(on channel: any Channel, _ ready: @escaping Ready) {
        let connection = UpstreamConnection(pool: self, loop: loop)
        do {
            guard let policy = transport.security?.policy as? UpstreamTLSPolicy else {
                try channel.pipeline.syncOperations.addHandler(connection)
                return ready(.success(connection))
            }
            let tls = try policy.makeHandler(host: host)
            let handshake = UpstreamHandshake(policy: policy, tls: tls, connection: connection) { [self] problem in
                guard let problem else { return ready(.success(connection)) }
                ready(
                    .failure(UpstreamError(stage: .connect, reason: problem.reason, peer: peer, detail: problem.detail))
                )
            }
            try channel.pipeline.syncOperations.addHandlers([tls, handshake])
            handshake.limit(transport.dialTimeout)
        } catch {
            channel.close(promise: nil)
            ready(.failure(UpstreamError(stage: .connect, reason: .tls, peer: peer, detail: "\(error)")))
        }
    }

    private func connectError(_ error: any Error) -> UpstreamError {
        var reason = UpstreamError.Reason.unreachable
        var cause = error
        if let both = error as? NIOConnectionError {
            if both.connectionErrors.isEmpty { reason = .nameNotFound }
            cause = both.connectionErrors.last?.error ?? both.dnsAError ?? both.dnsAAAAError ?? error
        }
        if let io = cause as? IOError, io.errnoCode == ECONNREFUSED { reason = .refused }
        if case .connectTimeout = cause as? ChannelError { reason = .connectTimeout }
        return UpstreamError(stage: .connect, reason: reason, peer: peer, detail: "\(cause)")
    }
}
