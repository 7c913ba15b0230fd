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

    /// Takes over certificates, keys and authorities whose files changed, until it is cancelled.
    func watchCertificates() async {
        while (try? await Task.sleep(for: .seconds(2))) != nil { await takeOverCertificates() }
    }

    /// Looks once; returns when what has changed is in force.
    func takeOverCertificates() async {
        let upstream = current.map { !$0.upstreamFiles.changed().isEmpty } ?? false
        if upstream || tls.filesChanged() { await publish(inputs, upstreamFilesChanged: upstream) }
    }

    func publish(_ inputs: [ProviderConfiguration], upstreamFilesChanged: Bool = false) async {
        self.inputs = inputs
        let material = tls.material(for: inputs, logger)
        let compiled = compiler.compile(
            inputs: inputs, settings: settings, tls: material,
            upstreamFilesChanged: upstreamFilesChanged, previous: current)
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
