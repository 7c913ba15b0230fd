import Logging
import MartinetConfig
import MartinetCore
import MartinetServer

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Keeps what the TLS sections of the providers amount to, and makes it anew when they or the files they name change.
struct TLSControl {
    private var inputs: [TLSCompiler.Input] = []
    private var current: TLSMaterial?

    /// Whether a certificate, a key or an authority is not what it was when it was read.
    func filesChanged() -> Bool { current.map { !$0.compiled.files.changed().isEmpty } ?? false }

    /// Nil, with a message in the log, when there is not even a default certificate to be made.
    mutating func material(for providers: [ProviderConfiguration], _ logger: Logger) -> TLSMaterial? {
        let inputs = providers.map { TLSCompiler.Input(provider: $0.name, options: $0.routing.configuration.tls) }
        if let current, inputs == self.inputs, !filesChanged() { return current }
        do {
            let compiled = try TLSCompiler.compile(inputs, now: Int64(time(nil)), previous: current?.compiled)
            self.inputs = inputs
            current = TLSMaterial(compiled)
        } catch {
            logger.error("TLS cannot be set up", metadata: ["reason": "\(error.reason)"])
        }
        return current
    }
}
