package import Logging
package import MartinetCore
package import NIOCore
import NIOPosix

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The data plane: event loops, entry points, and the routing tables in force.
///
/// Life: ``start()`` opens the entry points; ``publish(_:)`` puts routing tables in force, any number of times; ``stop()`` ends in
/// good order. Counters and tables belong to the loops; this type only sends them messages.
package final class ProxyServer: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let workers: NIOThreadPool
    private let disks: NIOThreadPool
    let loops: LoopDirectory
    private let entryPoints: [EntryPoint]
    private let logger: Logger
    private let listeners = Listeners()
    /// How many connections there are, and what the process gives up for its life.
    package let overload: OverloadGuard

    private actor Listeners {
        var all: [EntryPointListener] = []
        func add(_ listener: EntryPointListener) { all.append(listener) }
        func take() -> [EntryPointListener] {
            defer { all = [] }
            return all
        }
    }

    /// Those that serve requests.
    package var eventLoops: [any EventLoop] { Array(group.makeIterator()) }

    /// - Parameters:
    ///   - threads: event loops; 0 means one for each processor this process may use.
    ///   - accessLog: makes the sink of one event loop; nil writes no access log.
    ///   - budget: of descriptors; nil: what the system allows now.
    ///   - memoryPercent: memory in use; nil: as the system says.
    package init(
        entryPoints: [EntryPointSettings], threads: Int, logger: Logger,
        accessLog: (@Sendable (Int) -> any AccessLogSink)?, budget: DescriptorBudget? = nil,
        memoryPercent: (@Sendable () -> Int)? = nil
    ) {
        let count = threads > 0 ? threads : System.coreCount
        let group = MultiThreadedEventLoopGroup(numberOfThreads: count)
        let workers = NIOThreadPool(numberOfThreads: max(2, count))
        workers.start()
        let disks = NIOThreadPool(numberOfThreads: 2)
        disks.start()
        self.group = group
        self.workers = workers
        self.disks = disks
        self.logger = logger
        self.entryPoints = entryPoints.map(EntryPoint.init)
        let hostName = Self.hostName()
        var number = 0
        let gauge = memoryPercent == nil ? MemoryGauge() : nil
        let overload = OverloadGuard(
            budget: budget ?? .ofProcess(coming: entryPoints.count), logger: logger,
            memoryPercent: memoryPercent ?? { gauge?.percent() ?? 0 })
        self.overload = overload
        loops = LoopDirectory(
            Array(group.makeIterator()).map { loop in
                let context = LoopContext(
                    eventLoop: loop, count: count, hostName: hostName, overload: overload,
                    offload: { work in workers.submit { _ in work() } },
                    store: { work in disks.submit { _ in work() } })
                context.accessLog = accessLog?(number)
                context.number = number
                number += 1
                return context
            },
            overload: overload
        )
    }

    /// Opens every entry point. Throws the first ``ListenError``; what was opened is closed again.
    ///
    /// - Parameter inherited: listening sockets that the process was started with, by the name of the entry point they are for.
    package func start(inherited: [String: CInt] = [:]) async throws {
        for entryPoint in entryPoints {
            do {
                let listener = try await EntryPointListener.open(
                    entryPoint, inherited: inherited[entryPoint.settings.name], group: group, loops: loops)
                await listeners.add(listener)
                logger.info(
                    "Entry point is listening",
                    metadata: ["entryPointName": "\(entryPoint.settings.name)", "port": "\(listener.port)"]
                )
            } catch {
                for listener in await listeners.take() { await listener.close() }
                throw error
            }
        }
    }

    /// Puts routing tables in force, one per entry point name, and what connections with TLS get. Requests under way finish with the
    /// tables they began with, connections with the certificates.
    package func publish(_ tables: [String: EntryPointTable], tls: [String: TLSTable] = [:]) async throws {
        let ordered = entryPoints.map { tables[$0.settings.name] }
        let orderedTLS = entryPoints.map { tls[$0.settings.name] }
        try await loops.onEach {
            $0.tables = ordered
            $0.tlsTables = orderedTLS
        }
    }

    /// Checks the health of these servers from now on, and of no others; each on one of the loops.
    package func check(_ targets: [HealthCheckTarget]) async throws {
        var shares = [[HealthCheckTarget]](repeating: [], count: loops.loops.count)
        for target in targets {
            // A server stays on its loop whatever becomes of the others.
            var hash = FNV1a()
            hash.add(target.service)
            hash.add(target.url)
            shares[Int(hash.value % UInt64(shares.count))].append(target)
        }
        try await loops.onEach { [shares, logger] context in
            context.healthChecks.replace(with: shares[context.number], loop: context, logger: logger)
        }
    }

    /// Returns once every event loop has had its turn: how a watchdog learns that none is stuck.
    package func respond() async { try? await loops.onEach { _ in } }

    /// Ports in use by entry point name; differs from the configuration for port 0.
    package func ports() async -> [String: UInt16] {
        var result: [String: UInt16] = [:]
        for listener in await listeners.all { result[listener.entryPoint.settings.name] = listener.port }
        return result
    }

    /// Stops accepting after the entry points' grace, lets requests finish for as long as they allow, then ends.
    package func stop() async throws {
        let timeouts = entryPoints.map(\.settings.timeouts)
        let acceptGrace = timeouts.map(\.acceptGrace).max() ?? 0
        if acceptGrace > 0 { try? await Task.sleep(nanoseconds: acceptGrace) }
        await withTaskGroup(of: Void.self) { group in
            for listener in await listeners.take() { group.addTask { await listener.close() } }
        }
        let grace = timeouts.map(\.grace).max() ?? 0
        try await loops.onEach { context, done in
            let limit = context.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(Int64(clamping: grace))) {
                context.closeAll()
                done.succeed()
            }
            context.stop {
                limit.cancel()
                done.succeed()
            }
        }
        try await loops.onEach { $0.closeAll() }
        try await workers.shutdownGracefully()
        try await disks.shutdownGracefully()
        try await group.shutdownGracefully()
    }

    private static func hostName() -> String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "localhost" }
        return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
