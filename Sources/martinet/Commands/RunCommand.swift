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
        do {
            let proxy = try Proxy(loaded)
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

    init(_ loaded: LoadedInstallation) throws {
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
            services["api@internal"] = APIHandler(
                runtime: runtime, installation: configuration, version: VersionCommand.version,
                codename: VersionCommand.codename, basePath: api.basePath)
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
        if let limit = DescriptorLimit.raise(), limit < 4096 {
            logger.warning(
                "Few connections are possible: each takes two file descriptors; raise the limit (ulimit -Hn, or LimitNOFILE= of systemd)",
                metadata: ["limit": "\(limit)"])
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
            group.addTask { await routing.watchCertificates() }
            if let files {
                group.addTask { await runProvider(files) }
                // A socket that is open before the routes are known answers 404 to requests meant for them.
                await routing.firstProvider()
            }
            do {
                try await server.start()
            } catch {
                Console.error("martinet did not start: \(error)")
                exit(1)
            }
            let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup, .sigusr1)
            var iterator = signals.makeAsyncIterator()
            while let signal = await iterator.next() {
                switch signal {
                case .sighup:
                    logger.info("Reloading files")
                    files?.reload()
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

    private func runProvider(_ files: FileProvider) async {
        do {
            try await files.run()
        } catch {
            logger.error("The file provider ended", metadata: ["error": "\(error)"])
        }
    }

    private func shutDown() async {
        logger.info("Stopping: waiting for requests to finish")
        do {
            try await server.stop()
        } catch {
            logger.error("Stopping failed", metadata: ["error": "\(error)"])
        }
        logger.info("Stopped")
    }
}
