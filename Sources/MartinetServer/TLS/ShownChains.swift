import NIOConcurrencyHelpers
import NIOSSL

/// The certificates that a client sent behind its own, in the order it sent them.
///
/// Belongs to one handshake, on its event loop: the TLS library shows the whole chain only while it asks whether to accept it.
package final class ShownChain {
    fileprivate var certificates: [NIOSSLCertificate] = []

    package init() {}

    func note(_ chain: [NIOSSLCertificate]) { certificates = Array(chain.dropFirst().prefix(Self.longest)) }

    /// More authorities than any real chain has.
    private static let longest = 8
}

/// Chains by the client's own certificate, for sessions that are resumed: their tickets hold nothing but that.
///
/// Only of clients that sent a chain. The lock is taken once for each such handshake.
final class ShownChains: Sendable {
    private let chains = NIOLockedValueBox<[NIOSSLCertificate: [NIOSSLCertificate]]>([:])
    /// As many as are worth their memory; a client beyond that is told of without its chain when it resumes.
    private static let capacity = 1024

    /// What stands behind `certificate`, shown in this handshake or in an earlier one.
    func issuers(of certificate: NIOSSLCertificate, in shown: ShownChain) -> [NIOSSLCertificate] {
        let certificates = shown.certificates
        return chains.withLockedValue { chains in
            guard !certificates.isEmpty else { return chains[certificate] ?? [] }
            if chains.count < Self.capacity || chains[certificate] != nil { chains[certificate] = certificates }
            return certificates
        }
    }
}
