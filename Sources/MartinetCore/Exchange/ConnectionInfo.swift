/// What is known of a client's connection; made when it is accepted, and anew when it says more of itself (PROXY header, TLS).
package final class ConnectionInfo: Sendable {
    /// The client's address: the TCP peer, or what a trusted PROXY header said.
    package let peer: IPAddress
    package let peerPort: UInt16
    /// `peer` in text form, without brackets or zone, as written to `X-Forwarded-For`.
    package let peerText: String
    package let entryPoint: String
    package let localPort: UInt16
    package let isTLS: Bool
    /// What the handshake agreed on; nil without TLS, and where nobody wants to know.
    package let security: ConnectionSecurity?
    /// What the client showed in the handshake; nil without TLS, and of clients that were not asked or have none.
    package let clientCertificate: ClientCertificate?

    package init(
        peer: IPAddress, peerPort: UInt16, entryPoint: String, localPort: UInt16, isTLS: Bool,
        security: ConnectionSecurity? = nil, clientCertificate: ClientCertificate? = nil
    ) {
        self.peer = peer
        self.peerPort = peerPort
        self.peerText = peer.description
        self.entryPoint = entryPoint
        self.localPort = localPort
        self.isTLS = isTLS
        self.security = security
        self.clientCertificate = clientCertificate
    }
}
