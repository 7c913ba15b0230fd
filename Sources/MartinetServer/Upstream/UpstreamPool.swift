import MartinetCore
import NIOCore

/// The connections of one event loop to one origin.
///
/// HTTP/1 connections are leased one by one. Of HTTP/2 connections requests get streams; while one is being made, further requests
/// wait for it, and another is made only when it has no room for them.
final class UpstreamPool {
    /// Told when there is something to send on, or why there is not. Must begin or hand back at once.
    typealias Ready = (Result<UpstreamExchange, UpstreamError>) -> Void

    private enum Speech {
        case http1, http2
        /// The server will say, by ALPN.
        case unknown
    }

    private let loop: LoopContext
    private let connector: UpstreamConnector
    private var idle: IdlePool<UpstreamConnection>
    /// All that are open, oldest first, also those that take no more requests.
    private var sessions: [HTTP2UpstreamConnection] = []
    /// Requests that wait for the connection being made.
    private var waiting: [Ready] = []
    private var isConnecting = false
    private var speech: Speech
    let transport: UpstreamTransport
    let peer: String

    init(server: UpstreamServer, loop: LoopContext) {
        self.loop = loop
        transport = server.transport
        connector = UpstreamConnector(server: server, loop: loop)
        peer = connector.peer
        if server.scheme == .h2c {
            speech = .http2
        } else {
            speech = connector.offersHTTP2 ? .unknown : .http1
        }
        // The limit is for the whole process; each loop keeps its share, rounded up.
        let limit = max(0, transport.maxIdleConnsPerHost)
        idle = IdlePool(
            capacity: (limit + loop.count - 1) / loop.count, timeout: UInt64(clamping: transport.idleConnTimeout))
    }

    /// Whether connections carry HTTP without TLS.
    var isPlain: Bool { transport.security == nil }
    /// Whether there is anything to look at from time to time.
    var needsSweep: Bool { idle.idleCount > 0 || !sessions.isEmpty }

    // MARK: Leasing

    /// Something to send on right now, or nil. The common case, without a closure.
    ///
    /// - Parameters:
    ///   - onlyHTTP1: the request wants to switch protocols, which only HTTP/1 can, or the server wants HTTP/1 for it.
    ///   - tunnels: HTTP/2 will do as well, on a connection whose server offers extended CONNECT (RFC 8441).
    func leaseFree(onlyHTTP1: Bool, tunnels: Bool = false) -> UpstreamExchange? {
        if tunnels {
            for session in sessions where session.canOpenTunnel { return session.makeStream() }
        }
        if !onlyHTTP1, speech != .http1 || !sessions.isEmpty {
            for session in sessions where session.canOpenStream { return session.makeStream() }
            // Whatever HTTP/1 connections there are were made for requests that cannot do without.
            if speech == .http2 { return nil }
        }
        while case .reuse(let connection) = idle.lease(fresh: false) {
            if connection.isUsable { return connection }
        }
        return nil
    }

    /// Calls `ready` at once with what is free, or once a new connection is made. `fresh` demands a new one, after a used one failed.
    func lease(fresh: Bool, onlyHTTP1: Bool, tunnels: Bool = false, _ ready: @escaping Ready) {
        if !fresh, let free = leaseFree(onlyHTTP1: onlyHTTP1, tunnels: tunnels) { return ready(.success(free)) }
        // Whether the server offers tunnels is known once it has spoken.
        if tunnels, speech != .http1, sessions.isEmpty {
            waiting.append { [self] result in
                guard case .success(let upstream) = result, !upstream.takesTunnels else { return ready(result) }
                upstream.handBack()
                connectAlone(onlyHTTP1: true, ready)
            }
            return connectForAll()
        }
        guard !onlyHTTP1, speech != .http1 else { return connectAlone(onlyHTTP1: onlyHTTP1, ready) }
        waiting.append(ready)
        connectForAll()
    }

    /// A connection for one request.
    private func connectAlone(onlyHTTP1: Bool, _ ready: @escaping Ready) {
        connector.connect(for: self, onlyHTTP1: onlyHTTP1) { [self] result in
            switch result {
            case .success(.http1(let connection)):
                ready(.success(connection))
            case .success(.http2(let session)):
                // The server has learned it meanwhile.
                speech = .http2
                take(session)
                waiting.append(ready)
                serveWaiting(with: session)
            case .failure(let error):
                ready(.failure(error))
            }
        }
    }

    /// A connection for all that wait, if the server speaks HTTP/2.
    private func connectForAll() {
        guard !isConnecting else { return }
        isConnecting = true
        connector.connect(for: self, onlyHTTP1: false) { [self] result in
            isConnecting = false
            switch result {
            case .success(.http1(let connection)):
                speech = .http1
                let waiting = takeWaiting()
                for ready in waiting.dropFirst() { lease(fresh: true, onlyHTTP1: false, ready) }
                if let first = waiting.first { first(.success(connection)) } else { release(connection) }
            case .success(.http2(let session)):
                speech = .http2
                take(session)
                serveWaiting(with: session)
            case .failure(let error):
                for ready in takeWaiting() { ready(.failure(error)) }
            }
        }
    }

    private func take(_ session: HTTP2UpstreamConnection) { sessions.append(session) }

    private func takeWaiting() -> [Ready] {
        defer { waiting = [] }
        return waiting
    }

    /// Gives those that wait a stream each; who gets none needs one more connection, unless even a new one has no room at all.
    private func serveWaiting(with session: HTTP2UpstreamConnection) {
        guard session.canOpenStream else {
            let error = UpstreamError(
                stage: .connect, reason: .malformed, peer: peer, detail: "the server allows no HTTP/2 streams")
            for ready in takeWaiting() { ready(.failure(error)) }
            return
        }
        var next = 0
        let waiting = takeWaiting()
        while next < waiting.count, session.canOpenStream {
            next += 1
            waiting[next - 1](.success(session.makeStream()))
        }
        guard next < waiting.count else { return }
        self.waiting.insert(contentsOf: waiting[next...], at: 0)
        connectForAll()
    }

    // MARK: Giving back

    /// Takes a connection back whose last exchange ended cleanly.
    func release(_ connection: UpstreamConnection) {
        if loop.isStopping || idle.release(connection, now: loop.coarseUptime) == .close { connection.close() }
    }

    func remove(_ connection: UpstreamConnection) { idle.remove(connection) }

    /// It is closed.
    func remove(_ session: HTTP2UpstreamConnection) { sessions.removeAll { $0 === session } }

    // MARK: Time

    func expire(now: UInt64) {
        for connection in idle.expire(now: now) { connection.close() }
        guard !sessions.isEmpty else { return }
        for session in sessions { session.timePassed(now: now) }
    }

    /// Closes what was free for so many nanoseconds, whatever the options say. Returns whether there was anything.
    @discardableResult
    func expire(now: UInt64, idleFor limit: UInt64) -> Bool {
        let old = idle.expire(now: now, after: limit)
        for connection in old { connection.close() }
        guard limit == 0 else { return !old.isEmpty }
        let before = sessions.count
        for session in sessions { session.closeIfIdle() }
        return !old.isEmpty || sessions.count < before
    }

    /// Closes what is not in use; the rest closes with its last answer.
    func closeIdle() {
        for connection in idle.drain() { connection.close() }
        for session in sessions { session.closeIfIdle() }
    }
}
