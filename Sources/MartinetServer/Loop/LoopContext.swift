import MartinetCore
import MartinetHTTP
import NIOCore

#if canImport(Glibc)
import Glibc
#endif

/// Everything one event loop owns: routing tables, pools, connections, scratch memory. Nothing in it is shared, so nothing is
/// locked; other threads reach it by running a task on the loop.
final class LoopContext {
    let eventLoop: any EventLoop
    /// How many event loops serve traffic.
    let count: Int
    /// Which of them this one is, from 0.
    var number = 0
    let healthChecks = HealthChecks()
    let responseLimits = HTTP1Limits()
    /// Routing tables by entry point number (``EntryPointSettings/number``).
    var tables: [EntryPointTable?] = []
    /// By the same number: what connections with TLS get.
    var tlsTables: [TLSTable?] = []
    var accessLog: (any AccessLogSink)?
    /// This machine's name, for `X-Forwarded-Server`.
    let hostName: String
    /// Runs work that would hold up the loop.
    let offload: @Sendable (@escaping @Sendable () -> Void) -> Void
    /// Runs work that waits for a disk: it must not queue behind what computes.
    let store: @Sendable (@escaping @Sendable () -> Void) -> Void
    /// Set when the process is asked to stop: connections are closed after their answer, none is pooled.
    private(set) var isStopping = false
    /// What the process does to stay alive, as of the last sweep.
    let overload: OverloadGuard
    private(set) var pressure = OverloadLevel.calm
    /// Whether requests are answered with 503: there is no memory for them.
    private(set) var shedsRequests = false
    /// Connections to be given up for new ones; found by ``makeRoom()``.
    var displaced = DisplacementQueue()
    /// Uptime of the last search for them.
    var searchedAt: UInt64 = 0

    var dates = DateCache()
    /// Host name and routing path of the request being routed; reused.
    var hostScratch = ByteBuffer()
    var pathScratch = ByteBuffer()

    private(set) var pools: [UpstreamPool?] = []
    private var freeExchanges: [Exchange] = []
    private var freeBuffers: [ByteBuffer] = []
    private(set) var connections: [ObjectIdentifier: any ClientConnection] = [:]
    private var sweep: Scheduled<Void>?
    private var whenDrained: (() -> Void)?
    private var accessLogDirty = false
    /// For the bodies of requests that are copied.
    let copyBudget = BodyBudget()
    /// For the bodies that are kept for another attempt.
    var replayBudget = BodyBudget()
    private var mirrors = 0

    /// How often deadlines are looked at. Shorter ones have a timer of their own (``ClientStream``).
    static let sweepInterval = TimeAmount.milliseconds(250)

    /// `store`: by default what `offload` is.
    init(
        eventLoop: any EventLoop, count: Int, hostName: String, overload: OverloadGuard = OverloadGuard(),
        offload: @escaping @Sendable (@escaping @Sendable () -> Void) -> Void,
        store: (@Sendable (@escaping @Sendable () -> Void) -> Void)? = nil
    ) {
        self.overload = overload
        self.eventLoop = eventLoop
        self.count = count
        self.hostName = hostName
        self.offload = offload
        self.store = store ?? offload
    }

    /// Nanoseconds of the monotonic clock.
    var uptime: UInt64 { NIODeadline.now().uptimeNanoseconds }

    /// The same clock as the kernel last set it, a few milliseconds ago at most: enough for deadlines, at a quarter of the cost.
    var coarseUptime: UInt64 {
        #if os(Linux)
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC_COARSE, &time)
        return UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec)
        #else
        return uptime
        #endif
    }

    /// What connections with TLS get on an entry point; nil until there is a configuration.
    func tlsTable(of entryPoint: EntryPoint) -> TLSTable? {
        let number = entryPoint.settings.number
        return number < tlsTables.count ? tlsTables[number] : nil
    }

    // MARK: Pools

    func pool(for server: UpstreamServer) -> UpstreamPool {
        let number = server.pool
        if number < pools.count, let pool = pools[number] { return pool }
        if number >= pools.count { pools += Array(repeating: nil, count: number + 1 - pools.count) }
        let pool = UpstreamPool(server: server, loop: self)
        pools[number] = pool
        startSweep()
        return pool
    }

    // MARK: Reused memory

    func takeExchange(for connection: ConnectionInfo) -> Exchange {
        guard let exchange = freeExchanges.popLast() else { return Exchange(connection: connection) }
        exchange.connection = connection
        return exchange
    }

    func recycle(_ exchange: Exchange) {
        exchange.reset()
        exchange.driver = nil
        if freeExchanges.count < 256 { freeExchanges.append(exchange) }
    }

    /// An empty buffer of at least 4 KiB.
    func takeBuffer() -> ByteBuffer {
        guard var buffer = freeBuffers.popLast() else { return ByteBufferAllocator().buffer(capacity: 4096) }
        // Cleared here, not when it came back: by now it has been written and its memory is ours alone.
        buffer.clear()
        return buffer
    }

    func recycle(_ buffer: consuming ByteBuffer) {
        guard freeBuffers.count < 64, buffer.capacity <= 65536 else { return }
        freeBuffers.append(buffer)
    }

    // MARK: Connections

    /// - Parameter isCounted: whether the ``OverloadGuard`` has counted it when it was accepted.
    func add(_ connection: any ClientConnection, isCounted: Bool = false) {
        guard connections.updateValue(connection, forKey: ObjectIdentifier(connection)) == nil else { return }
        if !isCounted, connection.hasSocket { overload.clientAdded() }
        startSweep()
    }

    func remove(_ connection: any ClientConnection) {
        guard connections.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
        if connection.hasSocket { overload.clientGone() }
        if isStopping, connections.isEmpty {
            whenDrained?()
            whenDrained = nil
        }
    }

    var connectionCount: Int { connections.count }

    /// No new requests: connections end with the answer they are giving. `drained` is called when none is left.
    func stop(drained: @escaping () -> Void) {
        isStopping = true
        healthChecks.stop()
        for pool in pools { pool?.closeIdle() }
        if connections.isEmpty { return drained() }
        whenDrained = drained
        for connection in Array(connections.values) { connection.stopAccepting() }
    }

    func closeAll() {
        for connection in Array(connections.values) { connection.close() }
        sweep?.cancel()
        sweep = nil
        // The loop may end before the hand-over planned by `recorded` comes to its turn.
        accessLog?.flush()
    }

    // MARK: Mirrors

    /// Copies under way on one loop at most: mirrors that do not keep up lose copies, and nothing else does.
    private static let mostMirrors = 1024

    /// Whether one more copy may be sent; it is under way from now on.
    func startsMirror() -> Bool {
        guard mirrors < Self.mostMirrors, !isStopping else { return false }
        mirrors += 1
        return true
    }

    func mirrorEnded() { mirrors -= 1 }

    // MARK: Access log

    func recorded() {
        guard !accessLogDirty else { return }
        accessLogDirty = true
        // One hand-over for all that finishes in this tick.
        eventLoop.assumeIsolated().execute { [self] in
            accessLogDirty = false
            accessLog?.flush()
        }
    }

    // MARK: Deadlines

    private func startSweep() {
        guard sweep == nil else { return }
        sweep = eventLoop.assumeIsolated().scheduleTask(in: Self.sweepInterval) { [weak self] in
            guard let self else { return }
            self.sweep = nil
            self.sweepDeadlines()
            // With nothing to watch the loop sleeps.
            if !self.connections.isEmpty || self.pools.contains(where: { $0?.needsSweep ?? false }) {
                self.startSweep()
            }
        }
    }

    private func sweepDeadlines() {
        let now = uptime
        var late: [any ClientConnection] = []
        for connection in connections.values where connection.deadline <= now { late.append(connection) }
        for connection in late { connection.deadlinePassed(now: now) }
        for pool in pools { pool?.expire(now: now) }
        if overload.measure(now) { offload { FreeMemory.giveBack() } }
        pressure = overload.level
        shedsRequests = overload.shedsRequests
        if pressure > .calm { relieve(now) }
    }
}
