import Foundation
import MartinetConfig
import MartinetServer
import NIOSSL

/// A TLS section of the provider `file`, and what is made of it.
struct TLSFixture {
    var options = TLSRoutingOptions()
    var others: [TLSCompiler.Input] = []
    /// Seconds since 1970; nothing here depends on it but what is said of expiry.
    var now: Int64 = TLSFixture.clock

    static let clock = Int64(Date().timeIntervalSince1970)

    mutating func certificate(_ pair: TestAuthority.Pair) {
        var entry = TLSCertificateOptions()
        entry.certFile = pair.certificate
        entry.keyFile = pair.key
        options.certificates.append(entry)
    }

    mutating func tlsOptions(_ name: String, _ change: (inout TLSOptions) -> Void) {
        var entry = TLSOptions()
        change(&entry)
        options.options[name] = entry
    }

    func compile(previous: CompiledTLS? = nil) throws -> CompiledTLS {
        try TLSCompiler.compile(
            [TLSCompiler.Input(provider: "file", options: options)] + others, now: now, previous: previous)
    }

    /// A table where each name of options has the host `NAME.test`.
    func table(isStrict: Bool = false, _ routers: [TLSRouter]? = nil) throws -> TLSTable {
        let routers = routers ?? options.options.keys.map { Self.router($0, ["\($0).test"], options: $0) }
        return try TLSTable.build(routers, tls: compile(), isStrict: isStrict).table
    }

    static func router(_ name: String, _ hosts: [String], options: String = "") -> TLSRouter {
        TLSRouter(
            name: "\(name)@file", rule: hosts.map { "Host(`\($0)`)" }.joined(separator: " || "), hosts: hosts,
            options: TLSRouter.qualified(options, provider: "file"))
    }
}

extension TLSDecision {
    /// The certificate's first name and the options, or what is done instead.
    var summary: String {
        switch self {
        case .serve(let policy, let certificate): "\(certificate.names.first ?? "?") \(policy.name)"
        case .refuse(let alert): "\(alert)"
        case .close: "close"
        }
    }
}
