package import NIOSSL

/// A certificate with its chain and key, ready to be served or shown. Immutable; kept over reloads as long as its bytes are the same,
/// so that its identity stands for them.
package final class TLSCertificate: Sendable {
    /// Leaf first.
    package let chain: [NIOSSLCertificate]
    package let key: NIOSSLPrivateKey
    /// The same key for handshakes with clients: RSA signatures are made by ``RSASigningKey``.
    let signingKey: NIOSSLPrivateKey
    /// In lower case: host names, `*.parent`, addresses.
    package let names: [String]
    package let keyType: CertificateKeyType
    /// Seconds since 1970.
    package let notAfter: Int64
    /// SHA-256 over certificate and key as they were given.
    let digest: [UInt8]
    /// The names in order and joined: orders certificates that fit equally well. Traefik's key of a certificate.
    let sortKey: String

    /// Reads a pair. `label` names the certificate in messages.
    /// - Throws: ``TLSFailure`` when either cannot be read, or the key belongs to another certificate.
    init(certificate: [UInt8], key keyBytes: [UInt8], label: String, keyLabel: String) throws(TLSFailure) {
        chain = try Self.chain(certificate, label: label)
        guard let leaf = chain.first, let keyType = CertificateKeyType(leaf) else {
            throw TLSFailure(
                "\(label): its key is neither RSA, ECDSA (P-256, P-384, P-521) nor Ed25519",
                remedy: "have it issued for a key of one of these kinds")
        }
        do {
            key = try NIOSSLPrivateKey(bytes: keyBytes, format: .pem)
        } catch {
            throw TLSFailure(
                "\(keyLabel): no private key in PEM form can be read", remedy: "give an unencrypted PRIVATE KEY block")
        }
        let fast = keyType == .rsa ? RSASigningKey(key) : nil
        signingKey = fast.map { NIOSSLPrivateKey(customPrivateKey: $0) } ?? key
        self.keyType = keyType
        names = CertificateNames.of(leaf)
        notAfter = Int64(leaf.notValidAfter)
        digest = Self.digest(certificate: certificate, key: keyBytes)
        sortKey = names.sorted().joined(separator: ",")
        // Only a context compares key and certificate; without trust roots it costs microseconds.
        let configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        do {
            _ = try NIOSSLContext(configuration: configuration)
        } catch {
            throw TLSFailure(
                "\(keyLabel): the private key does not match the certificate \(label)",
                remedy: "name the key the certificate was issued for")
        }
    }

    /// The certificates in `bytes`, at least one.
    static func chain(_ bytes: [UInt8], label: String) throws(TLSFailure) -> [NIOSSLCertificate] {
        if let chain = try? NIOSSLCertificate.fromPEMBytes(bytes), !chain.isEmpty { return chain }
        throw TLSFailure(
            "\(label): no certificate in PEM form can be read", remedy: "give CERTIFICATE blocks, the server's first")
    }

    /// Identifies a pair by what was given, before it is read.
    static func digest(certificate: [UInt8], key: [UInt8]) -> [UInt8] {
        WatchedFiles.digest(WatchedFiles.digest(certificate) + WatchedFiles.digest(key))
    }
}
