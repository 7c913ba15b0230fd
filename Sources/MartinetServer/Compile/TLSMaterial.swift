/// The TLS sections of all providers, made ready. A class, so that the compiler sees at a glance whether they changed.
package final class TLSMaterial: Sendable {
    package let compiled: CompiledTLS

    package init(_ compiled: CompiledTLS) { self.compiled = compiled }
}
