import Crypto
import Foundation
import SwiftASN1
import X509
import _CryptoExtras

/// A certificate authority that lives for one test run: nothing that expires is kept in the repository.
struct TestAuthority: Sendable {
    struct Pair: Sendable {
        let certificate: String
        let key: String
    }

    enum Key: Sendable {
        case p256, p384, rsa
    }

    /// Self-signed.
    let certificate: String
    private let key: Certificate.PrivateKey
    private let name: DistinguishedName

    init(_ commonName: String = "Test Authority") throws {
        key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        name = try DistinguishedName { CommonName(commonName) }
        let authority = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: key.publicKey, notValidBefore: Date() - 3600,
            notValidAfter: Date() + 24 * 3600, issuer: name, subject: name,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: nil))
                Critical(KeyUsage(keyCertSign: true))
            },
            issuerPrivateKey: key)
        certificate = try authority.serializeAsPEM().pemString
    }

    /// A certificate for servers and clients.
    /// - Parameters:
    ///   - names: host names, or addresses as four numbers.
    ///   - life: seconds from now until it expires.
    func issue(
        _ names: [String], key kind: Key = .p256, commonName: String = "", uris: [String] = [],
        addresses: [[UInt8]] = [], life: TimeInterval = 90 * 24 * 3600
    ) throws -> Pair {
        let own = try Self.makeKey(kind)
        let alternatives: [GeneralName] =
            names.map { .dnsName($0) } + uris.map { .uniformResourceIdentifier($0) }
            + addresses.map { .ipAddress(ASN1OctetString(contentBytes: $0[...])) }
        let subject =
            commonName.isEmpty
            ? try DistinguishedName { OrganizationName("Test") } : try DistinguishedName { CommonName(commonName) }
        let certificate = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: own.publicKey,
            notValidBefore: Date() - 100 * 24 * 3600, notValidAfter: Date() + life, issuer: name, subject: subject,
            extensions: try Certificate.Extensions {
                SubjectAlternativeNames(alternatives)
                try ExtendedKeyUsage([.serverAuth, .clientAuth])
            },
            issuerPrivateKey: key)
        return Pair(
            certificate: try certificate.serializeAsPEM().pemString, key: try own.serializeAsPEM().pemString)
    }

    /// One for all: making it takes longer than everything else here.
    private static let rsaKey = Result { try _RSA.Signing.PrivateKey(keySize: .bits2048) }

    private static func makeKey(_ kind: Key) throws -> Certificate.PrivateKey {
        switch kind {
        case .p256: .init(P256.Signing.PrivateKey())
        case .p384: .init(P384.Signing.PrivateKey())
        case .rsa: .init(try rsaKey.get())
        }
    }
}
