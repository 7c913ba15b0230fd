import CRSA
import NIOCore
import NIOSSL

/// A certificate's RSA key, with which OpenSSL signs handshakes.
///
/// BoringSSL, which does everything else of TLS here, has no code for the wide multipliers of today's processors (AVX-512 IFMA): a
/// signature with 2,048 bits takes it 1.6 times as long, and is three quarters of a handshake. On other processors both are even.
///
/// Immutable; used by all event loops at once.
final class RSASigningKey: NIOSSLCustomPrivateKey, Hashable {
    /// OpenSSL locks what changes in it (blinding). Set once.
    private nonisolated(unsafe) let key: OpaquePointer
    let derBytes: [UInt8]

    /// In BoringSSL's own order.
    let signatureAlgorithms: [SignatureAlgorithm] = [
        .rsaPssRsaeSha256, .rsaPkcs1Sha256, .rsaPssRsaeSha384, .rsaPkcs1Sha384, .rsaPssRsaeSha512, .rsaPkcs1Sha512,
        .rsaPkcs1Sha1, .rsaPkcs1MD5SHA1,
    ]

    private enum Failure: Error {
        case unsupported, failed
    }

    /// Nil when `key` is no RSA key that OpenSSL reads.
    init?(_ key: NIOSSLPrivateKey) {
        guard let bytes = try? key.derBytes,
            let opened = bytes.withUnsafeBufferPointer({ crsa_open($0.baseAddress, $0.count) })
        else { return nil }
        derBytes = bytes
        self.key = opened
    }

    deinit { crsa_free(key) }

    func sign(
        channel: any Channel, algorithm: SignatureAlgorithm, data: ByteBuffer
    ) -> EventLoopFuture<ByteBuffer> {
        channel.eventLoop.makeCompletedFuture { try signature(of: data, algorithm) }
    }

    func decrypt(channel: any Channel, data: ByteBuffer) -> EventLoopFuture<ByteBuffer> {
        channel.eventLoop.makeCompletedFuture { try run(on: data) { crsa_decrypt(key, $0, $1, $2) } }
    }

    /// The signature of `message`, which is not hashed yet.
    func signature(of message: ByteBuffer, _ algorithm: SignatureAlgorithm) throws -> ByteBuffer {
        let (digest, padding) = try Self.method(of: algorithm)
        return try run(on: message) { crsa_sign(key, digest, padding, $0, $1, $2) }
    }

    private static func method(of algorithm: SignatureAlgorithm) throws -> (crsa_digest, crsa_padding) {
        switch algorithm {
        case .rsaPssRsaeSha256: (CRSA_SHA256, CRSA_PSS)
        case .rsaPssRsaeSha384: (CRSA_SHA384, CRSA_PSS)
        case .rsaPssRsaeSha512: (CRSA_SHA512, CRSA_PSS)
        case .rsaPkcs1Sha256: (CRSA_SHA256, CRSA_PKCS1)
        case .rsaPkcs1Sha384: (CRSA_SHA384, CRSA_PKCS1)
        case .rsaPkcs1Sha512: (CRSA_SHA512, CRSA_PKCS1)
        case .rsaPkcs1Sha1: (CRSA_SHA1, CRSA_PKCS1)
        case .rsaPkcs1MD5SHA1: (CRSA_MD5_SHA1, CRSA_PKCS1)
        default: throw Failure.unsupported
        }
    }

    /// Lets `body` turn bytes into others: given are where they begin, how many there are, and where to write. Returns the number
    /// written, 0 for failure.
    private func run(
        on bytes: ByteBuffer, _ body: (UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<UInt8>?) -> Int
    ) throws -> ByteBuffer {
        let room = crsa_length(key)
        var result = ByteBufferAllocator().buffer(capacity: room)
        let written = bytes.withUnsafeReadableBytes { input in
            result.writeWithUnsafeMutableBytes(minimumWritableBytes: room) { output in
                body(
                    input.bindMemory(to: UInt8.self).baseAddress, input.count,
                    output.bindMemory(to: UInt8.self).baseAddress)
            }
        }
        guard written > 0 else { throw Failure.failed }
        return result
    }

    static func == (left: RSASigningKey, right: RSASigningKey) -> Bool { left.derBytes == right.derBytes }

    func hash(into hasher: inout Hasher) { hasher.combine(derBytes) }
}

extension SignatureAlgorithm {
    /// What TLS 1.0 and 1.1 sign, which do not negotiate it (RFC 4346 §7.4.3): BoringSSL's own number.
    fileprivate static let rsaPkcs1MD5SHA1 = SignatureAlgorithm(rawValue: 0xFF01)
}
