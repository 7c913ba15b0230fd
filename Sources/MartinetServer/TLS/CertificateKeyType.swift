import NIOSSL

/// What kind of key a certificate holds: decides which clients can use it.
package enum CertificateKeyType: String, Sendable {
    case rsa, ecdsaP256, ecdsaP384, ecdsaP521, ed25519

    /// DER of the object identifiers that a SubjectPublicKeyInfo starts with (RFC 3279, 5480, 8410); for curves that of the curve.
    private static let identifiers: [(CertificateKeyType, [UInt8])] = [
        (.rsa, [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01]),
        (.ecdsaP256, [0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]),
        (.ecdsaP384, [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x22]),
        (.ecdsaP521, [0x06, 0x05, 0x2B, 0x81, 0x04, 0x00, 0x23]),
        (.ed25519, [0x06, 0x03, 0x2B, 0x65, 0x70]),
    ]

    /// Nil for kinds that TLS servers do not use.
    init?(_ certificate: NIOSSLCertificate) {
        guard let info = try? certificate.extractPublicKey().toSPKIBytes() else { return nil }
        // Both identifiers stand at the start, ahead of the key.
        let head = info.prefix(40)
        guard
            let match = Self.identifiers.first(where: { _, identifier in
                head.indices.contains { head[$0...].starts(with: identifier) }
            })
        else { return nil }
        self = match.0
    }

    /// Whether signatures with it are short and quick: such a certificate is preferred when the client takes it.
    var isElliptic: Bool { self != .rsa }
}
