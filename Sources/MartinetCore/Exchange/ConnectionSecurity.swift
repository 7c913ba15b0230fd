/// What a TLS handshake agreed on, in Traefik's words.
package struct ConnectionSecurity: Sendable {
    /// `1.3`.
    package let version: StaticString
    /// Go's name of the cipher suite, `TLS_AES_128_GCM_SHA256`; `unknown` for one that Go has no name for.
    package let cipherSuite: StaticString

    package init(version: StaticString, cipherSuite: StaticString) {
        self.version = version
        self.cipherSuite = cipherSuite
    }
}
