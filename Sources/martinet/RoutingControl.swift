import Logging
import MartinetCore
import MartinetOperations
import MartinetServer

/// Compiles what the hub says and puts it in force; keeps the last result so that the next one costs only what changed.
actor RoutingControl {
    private let compiler: RoutingCompiler
    private let settings: CompilerSettings
    private let server: ProxyServer
    private let runtime: RuntimeHolder
    private let logger: Logger
    private var current: CompiledRouting?
    private var inputs: [ProviderConfiguration] = []
    private var tls = TLSControl()
    private var problems: ProblemLog
    private var heardProvider = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(
        compiler: RoutingCompiler, settings: CompilerSettings, server: ProxyServer, runtime: RuntimeHolder,
        logger: Logger
    ) {
        self.compiler = compiler
        self.settings = settings
        self.server = server
        self.runtime = runtime
        self.logger = logger
        problems = ProblemLog(logger: logger)
    }

    /// Returns once a provider has been heard and its routes are in force.
    func firstProvider() async {
        guard !heardProvider else { return }
        await withCheckedContinuation { waiting.append($0) }
    }

    /// Takes over certificates, keys, authorities and users whose files changed, until it is cancelled.
    func watchFiles() async {
        while (try? await Task.sleep(for: .seconds(2))) != nil { await takeOverFiles() }
    }

    /// Looks once; returns when what has changed is in force.
    func takeOverFiles() async {
        let changed = Set(current?.watchedFiles.changed() ?? [])
        if !changed.isEmpty {
            logger.info(
                "Files have changed and are read again",
                metadata: ["files": "\(changed.sorted().joined(separator: ", "))"])
        }
        if !changed.isEmpty || tls.filesChanged() { await publish(inputs, changedFiles: changed) }
    }

    func publish(_ inputs: [ProviderConfiguration], changedFiles: Set<String> = []) async {
        self.inputs = inputs
        let material = tls.material(for: inputs, logger)
        let compiled = compiler.compile(
            inputs: inputs, settings: settings, tls: material,
            changedFiles: changedFiles, previous: current)
        current = compiled
        runtime.replace(compiled.runtime)
        problems.report(compiled.diagnostics)
        do {
            try await server.publish(compiled.entryPoints, tls: compiled.tls)
            try await server.check(compiled.healthChecks)
        } catch {
            logger.error("The new configuration could not be put in force", metadata: ["error": "\(error)"])
        }
        if !inputs.isEmpty {
            // Reading thousands of routers for the first time leaves much free memory behind.
            if !heardProvider { FreeMemory.giveBack() }
            heardProvider = true
            for continuation in waiting { continuation.resume() }
            waiting = []
        }
        logger.debug("Configuration in force", metadata: ["routers": "\(compiled.runtime.routers.count)"])
    }
}
