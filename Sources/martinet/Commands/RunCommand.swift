import Logging
import MartinetConfig
import MartinetCore
import MartinetMiddlewares
import MartinetOperations
import MartinetProviders
import MartinetServer
import UnixSignals

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// `martinet`: runs the proxy until a signal ends it.
enum RunCommand {
    static func run(_ arguments: [String]) async -> Int32 {
        // A client that goes away in the middle of a write must not end the process.
        signal(SIGPIPE, SIG_IGN)
        let loaded = Console.load(arguments)
        for diagnostic in loaded.diagnostics where diagnostic.severity == .error || !loaded.isUsable {
            Console.error(diagnostic.description)
        }
        guard loaded.isUsable else {
            Console.error("martinet did not start: \(loaded.source.description) has the problems above")
            return 1
        }
        // Before anything is counted by it.
        let descriptors = DescriptorLimit.raise()
        do {
            let proxy = try Proxy(loaded, descriptors: descriptors)
            return await proxy.run(loaded)
        } catch {
            Console.error("martinet did not start: \(error)")
            return 1
        }
    }
}

/// The running program: server, hub, providers.
private struct Proxy {
    let configuration: InstallConfiguration
    let logger: Logger
    let server: ProxyServer
    let ping: PingHandler
    let runtime: RuntimeHolder
    let routing: RoutingControl
    /// Nil when no service manager wants to be told how we are.
    let manager: ServiceManager?
    private let descriptors: UInt64?

    /// - Parameter descriptors: the limit of open files; nil if the system does not tell.
    init(_ loaded: LoadedInstallation, descriptors: UInt64?) throws {
        self.descriptors = descriptors
        manager = ServiceManager(environment: Console.environment, process: getpid())
        configuration = loaded.configuration
        let log = try LogOutput.open(loaded.configuration.log)
        logger = log.logger
        ping = PingHandler(terminatingStatus: UInt16(clamping: loaded.configuration.ping?.terminatingStatusCode ?? 503))
        runtime = RuntimeHolder()
        let entryPoints = try Composition.entryPoints(configuration)
        var makeSink: (@Sendable (Int) -> any AccessLogSink)?
        if let options = configuration.accessLog {
            let output = try AccessLogOutput.open(options)
            makeSink = { _ in output.makeSink() }
        }
        server = ProxyServer(
            entryPoints: entryPoints,
            threads: Int(Console.environment["MARTINET_THREADS"] ?? "") ?? 0,
            logger: logger,
            accessLog: makeSink
        )
        var services: [String: any HTTPService] = ["ping@internal": ping]
        if let api = configuration.api {
            let overload = server.overload
            services["api@internal"] = APIHandler(
                runtime: runtime, installation: configuration, version: VersionCommand.version,
                codename: VersionCommand.codename, basePath: api.basePath,
                overload: {
                    OverloadDocument(
                        level: "\(overload.level)", connections: overload.clientConnections,
                        connectionLimit: overload.budget.clients, serverConnections: overload.serverConnections)
                })
        }
        routing = RoutingControl(
            compiler: RoutingCompiler(
                middlewares: MiddlewareCatalog(loops: server.eventLoops, logger: logger), internalServices: services),
            settings: Composition.compilerSettings(configuration), server: server, runtime: runtime, logger: logger)
    }

    func run(_ loaded: LoadedInstallation) async -> Int32 {
        logger.info(
            "Martinet starts",
            metadata: ["version": "\(VersionCommand.version)", "source": "\(loaded.source.description)"])
        if let limit = descriptors, limit < 4096 {
            logger.warning(
                "Few connections are possible: each takes two file descriptors; raise the limit (ulimit -Hn, or LimitNOFILE= of systemd)",
                metadata: ["limit": "\(limit)", "connectionLimit": "\(server.overload.budget.clients)"])
        }
        for diagnostic in loaded.diagnostics + Composition.problems(configuration) {
            logger.warning("\(diagnostic.description)")
        }
        let hub = ConfigurationHub(
            throttle: .nanoseconds(max(0, configuration.providers.providersThrottleDuration.nanoseconds))
        ) { [routing] in await routing.publish($0) }
        do {
            // Internal routers are served from the start; providers add theirs.
            await routing.publish([])
            let files = try makeFileProvider(hub)
            return await serve(hub, files)
        } catch {
            Console.error("martinet did not start: \(error)")
            return 1
        }
    }

    private func makeFileProvider(_ hub: ConfigurationHub<ContinuousClock>) throws -> FileProvider? {
        guard let options = configuration.providers.file else { return nil }
        return try FileProvider(
            source: FileProviderSource(filename: options.filename, directory: options.directory),
            watches: options.watch,
            logsTemplates: options.debugLogGeneratedTemplate,
            logger: logger
        ) { await hub.deliver($0) }
    }

    /// Runs until SIGTERM or SIGINT; a second one ends at once.
    private func serve(_ hub: ConfigurationHub<ContinuousClock>, _ files: FileProvider?) async -> Int32 {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await hub.run() }
            group.addTask { await routing.watchFiles() }
            if let files {
                group.addTask { await runProvider(files) }
                // A socket that is open before the routes are known answers 404 to requests meant for them.
                await routing.firstProvider()
            }
            do {
                try await server.start(inherited: inheritedSockets())
                manager?.tell(.ready)
                if let manager, let interval = manager.watchdogInterval {
                    group.addTask { await feedWatchdog(manager, every: interval) }
                }
            } catch {
                Console.error("martinet did not start: \(error)")
                exit(1)
            }
            // One at a time; asked for again meanwhile it is done once more.
            let (reloads, reload) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
            group.addTask { for await _ in reloads { await self.reload(hub, files) } }
            let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup, .sigusr1)
            var iterator = signals.makeAsyncIterator()
            while let signal = await iterator.next() {
                switch signal {
                case .sighup:
                    reload.yield()
                case .sigusr1:
                    AccessLogOutput.reopenAll()
                default:
                    group.addTask {
                        await shutDown()
                        exit(0)
                    }
                    ping.terminate()
                    if await iterator.next() != nil { exit(1) }
                }
            }
            group.cancelAll()
        }
        return 0
    }

    /// Reads files again, and says that it is done when what they hold is in force.
    private func reload(_ hub: ConfigurationHub<ContinuousClock>, _ files: FileProvider?) async {
        logger.info("Reloading files")
        manager?.tell(.reloading)
        await files?.reload()
        await hub.settle()
        await routing.takeOverFiles()
        manager?.tell(.ready)
    }

    /// Listening sockets of a service manager, by entry point. What does not fit is told once.
    private func inheritedSockets() -> [String: CInt] {
        let sockets = InheritedSockets(environment: Console.environment, process: getpid())
        for problem in sockets.problems {
            logger.warning("A socket of the service manager is not used", metadata: ["reason": "\(problem)"])
        }
        guard !sockets.listeners.isEmpty else { return [:] }
        let names = Set(configuration.entryPoints.keys)
        for name in names.subtracting(sockets.listeners.keys).sorted() {
            logger.warning(
                "The service manager hands over no socket for this entry point, it opens its own address",
                metadata: ["entryPointName": "\(name)"])
        }
        for name in sockets.listeners.keys.filter({ !names.contains($0) }).sorted() {
            logger.warning(
                "A socket of the service manager is not used",
                metadata: [
                    "reason": "no entry point has the name \"\(name)\"; set FileDescriptorName= of the socket unit"
                ])
        }
        return sockets.listeners
    }

    /// Says that we are alive for as long as all event loops get their turn, also while stopping.
    private func feedWatchdog(_ manager: ServiceManager, every interval: Duration) async {
        logger.info("The service manager's watchdog is fed", metadata: ["interval": "\(interval)"])
        repeat {
            await server.respond()
            manager.tell(.alive)
        } while (try? await Task.sleep(for: interval)) != nil
    }

    private func runProvider(_ files: FileProvider) async {
        do {
            try await files.run()
        } catch {
            logger.error("The file provider ended", metadata: ["error": "\(error)"])
        }
    }

    private func shutDown() async {
        manager?.tell(.stopping)
        logger.info("Stopping: waiting for requests to finish")
        do {
            try await server.stop()
        } catch {
            logger.error("Stopping failed", metadata: ["error": "\(error)"])
        }
        logger.info("Stopped")
    }
}
