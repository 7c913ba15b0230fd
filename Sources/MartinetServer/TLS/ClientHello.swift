/// What the first message of a TLS client says that a certificate, options and routers are chosen by.
package struct ClientHello: Equatable, Sendable {
    /// The name asked for (SNI, RFC 6066 §3), in lower case; nil when there is none.
    package var serverName: String?
    /// ALPN (RFC 7301), in the client's order; nil without the extension.
    package var protocols: [String]?
    package var abilities: ClientAbilities

    package init(serverName: String?, protocols: [String]?, abilities: ClientAbilities) {
        self.serverName = serverName
        self.protocols = protocols
        self.abilities = abilities
    }

    /// Whether this is a certificate authority that checks a tls-alpn-01 challenge (RFC 8737 §3).
    package var isACMEChallenge: Bool { protocols == ["acme-tls/1"] }
}
