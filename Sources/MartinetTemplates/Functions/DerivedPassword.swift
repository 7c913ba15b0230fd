import Crypto
import _CryptoExtras

/// `derivePassword`: the Master Password algorithm, version 0.
enum DerivedPassword {
    private static let seed = Array("com.lyndir.masterpassword".utf8)

    /// Patterns of each type of password; their letters are keys of `characters`.
    private static let patterns: [String: [String]] = [
        "maximum": ["anoxxxxxxxxxxxxxxxxx", "axxxxxxxxxxxxxxxxxno"],
        "long": [
            "CvcvnoCvcvCvcv", "CvcvCvcvnoCvcv", "CvcvCvcvCvcvno", "CvccnoCvcvCvcv", "CvccCvcvnoCvcv", "CvccCvcvCvcvno",
            "CvcvnoCvccCvcv", "CvcvCvccnoCvcv", "CvcvCvccCvcvno", "CvcvnoCvcvCvcc", "CvcvCvcvnoCvcc", "CvcvCvcvCvccno",
            "CvccnoCvccCvcv", "CvccCvccnoCvcv", "CvccCvccCvcvno", "CvcvnoCvccCvcc", "CvcvCvccnoCvcc", "CvcvCvccCvccno",
            "CvccnoCvcvCvcc", "CvccCvcvnoCvcc", "CvccCvcvCvccno",
        ],
        "medium": ["CvcnoCvc", "CvcCvcno"],
        "short": ["Cvcn"],
        "basic": ["aaanaaan", "aannaaan", "aaannaaa"],
        "pin": ["nnnn"],
    ]

    private static let characters: [Character: [UInt8]] = [
        "V": Array("AEIOU".utf8),
        "C": Array("BCDFGHJKLMNPQRSTVWXYZ".utf8),
        "v": Array("aeiou".utf8),
        "c": Array("bcdfghjklmnpqrstvwxyz".utf8),
        "a": Array("AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz".utf8),
        "n": Array("0123456789".utf8),
        "o": Array("@&%?,=[]_:-+*$#!'^~;()/.".utf8),
        "x": Array("AEIOUaeiouBCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz0123456789!@#$%^&*()".utf8),
    ]

    static func derive(
        counter: UInt32, type: String, password: [UInt8], user: [UInt8], site: [UInt8]
    ) throws(Failure) -> Value {
        guard let patterns = patterns[type] else { return .text("cannot find password template \(type)") }
        let key: SymmetricKey
        do {
            key = try KDF.Scrypt.deriveKey(
                from: password, salt: seed + bytes(UInt32(truncatingIfNeeded: user.count)) + user, outputByteCount: 64,
                rounds: 32768, blockSize: 8, parallelism: 2)
        } catch {
            throw Failure("failed to derive password: \(error)")
        }
        let message = seed + bytes(UInt32(truncatingIfNeeded: site.count)) + site + bytes(counter)
        let code = Array(HMAC<SHA256>.authenticationCode(for: message, using: key))
        guard let first = code.first else { return .string([]) }
        let pattern = patterns[Int(first) % patterns.count]
        var out: [UInt8] = []
        for (letter, byte) in zip(pattern, code.dropFirst()) {
            guard let choices = characters[letter] else { continue }
            out.append(choices[Int(byte) % choices.count])
        }
        return .string(out)
    }

    private static func bytes(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> UInt32($0)) }
    }
}
