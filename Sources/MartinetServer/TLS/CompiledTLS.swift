package import MartinetConfig

/// The TLS sections of all providers, made ready; what ``TLSTable/build(_:tls:isStrict:allowsACMEByPass:)`` takes and a later
/// compilation reuses.
package struct CompiledTLS: Sendable {
    package let store: CertificateStore
    /// By `default` or `name@provider`; only those that work.
    package let policies: [String: ServerTLSPolicy]
    /// Why the others do not.
    package let failures: [String: TLSFailure]
    /// Everything wrong, in a stable order.
    package let diagnostics: [Diagnostic]
    /// Certificates, keys and authorities: to be compiled anew when one of them changes.
    package let files: WatchedFiles
    /// The certificate made for want of another, kept so that it does not change with each reload.
    let selfSigned: TLSCertificate?

    /// Why routers that name these options cannot be built; nil when they can. In Traefik's words.
    package func failure(ofOptions name: String) -> TLSFailure? {
        if policies[name] != nil { return nil }
        if let failure = failures[name] {
            return failure.wrapped("building router handler: building TLS config: ")
        }
        let nearest = NearestName.of(name, among: policies.keys.sorted())
        return TLSFailure(
            "building router handler: unknown TLS options: \(name)",
            remedy: nearest.map { "did you mean \"\($0)\"?" } ?? "define them under tls.options")
    }
}
