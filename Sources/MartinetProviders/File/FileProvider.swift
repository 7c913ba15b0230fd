package import Logging
import MartinetConfig
package import MartinetCore
import ServiceLifecycle

/// Provides the configuration of a file or of a directory of files, and again whenever they change.
///
/// A thread of its own waits for the kernel's notices, reads and decodes; `run()` hands the results on. Only changed files
/// are read. A broken file leaves the others in force and keeps its own last good content. There is always a first
/// delivery, empty if nothing can be read, so that whoever waits for it is not held up.
package final class FileProvider: Service {
    package typealias Deliver = @Sendable (ProviderConfiguration) async -> Void

    /// The part after `@` in the names of its objects.
    package static let name = "file"

    private let source: FileProviderSource
    private let watches: Bool
    private let logsTemplates: Bool
    private let logger: Logger
    private let deliver: Deliver
    private let signals: WakePipe
    private let reloads = PendingReloads()

    /// - Parameters:
    ///   - source: what is read.
    ///   - watches: option `watch`, whether changes are followed; without, `reload()` still works.
    ///   - logsTemplates: option `debugLogGeneratedTemplate`, whether files are logged before and after their templates are
    ///     rendered.
    ///   - logger: told when changes cannot be watched for; problems of files go along with what is delivered.
    ///   - deliver: usually `ConfigurationHub.deliver`.
    /// - Throws: `SystemError` when the system is out of descriptors.
    package init(
        source: FileProviderSource,
        watches: Bool = true,
        logsTemplates: Bool = false,
        logger: Logger,
        deliver: @escaping Deliver
    ) throws {
        self.source = source
        self.watches = watches
        self.logsTemplates = logsTemplates
        self.logger = logger
        self.deliver = deliver
        signals = try WakePipe()
    }

    /// Looks at every file again, whatever the times of files say: SIGHUP. Returns when what was found has been delivered, or `run()`
    /// has ended. From any thread.
    package func reload() async {
        await reloads.wait { signals.send(.reload) }
    }

    /// Delivers until the task is cancelled or the service group shuts down. To be called once.
    package func run() async throws {
        defer { reloads.end() }
        let (configurations, continuation) = AsyncStream.makeStream(
            of: (configuration: ProviderConfiguration, request: Int).self,
            // Each is the whole: only the newest counts.
            bufferingPolicy: .bufferingNewest(1)
        )
        let follower = FileFollower(
            store: FileStore(source: source, decode: FileDecoder.decoder(loggingTo: logsTemplates ? logger : nil)),
            signals: signals,
            watches: watches,
            logger: logger
        )
        try DedicatedThread.start { [reloads] in
            follower.run(reloads) { routing, request in
                continuation.yield((ProviderConfiguration(name: Self.name, routing: routing), request))
            }
            continuation.finish()
        }
        // The thread ends itself when told to; nothing it owns is touched from here.
        defer { signals.send(.stop) }
        await cancelWhenGracefulShutdown { [deliver, reloads] in
            for await found in configurations {
                await deliver(found.configuration)
                reloads.done(upTo: found.request)
            }
        }
    }
}
