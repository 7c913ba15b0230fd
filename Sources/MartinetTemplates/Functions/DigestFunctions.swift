import CCrypt
import Crypto
import Glibc

/// Checksums and hashes of passwords.
enum DigestFunctions {
    static let table: [String: TemplateFunction] = [
        "sha1sum": TemplateFunction(.string) { call throws(Failure) in
            .string(hexadecimal(Insecure.SHA1.hash(data: call.bytes(0))))
        },
        "sha256sum": TemplateFunction(.string) { call throws(Failure) in
            .string(hexadecimal(SHA256.hash(data: call.bytes(0))))
        },
        "adler32sum": TemplateFunction(.string) { call throws(Failure) in
            var (low, high): (UInt32, UInt32) = (1, 0)
            for byte in call.bytes(0) {
                low = (low + UInt32(byte)) % 65521
                high = (high + low) % 65521
            }
            return .text(String(high << 16 | low))
        },
        // About as long as a hundred thousand steps.
        "bcrypt": TemplateFunction(.string, cost: 100_000) { call throws(Failure) in .string(bcrypt(call.bytes(0))) },
        "htpasswd": TemplateFunction(.string, .string, cost: 100_000) { call throws(Failure) in
            let user = call.bytes(0)
            if user.contains(UInt8(ascii: ":")) { return .string(Array("invalid username: ".utf8) + user) }
            return .string(user + [UInt8(ascii: ":")] + bcrypt(call.bytes(1)))
        },
        "derivePassword": TemplateFunction(.uint32, .string, .string, .string, .string, cost: 300_000) {
            call throws(Failure) in
            let counter = UInt32(truncatingIfNeeded: call.int(0))
            return try DerivedPassword.derive(
                counter: counter, type: call.text(1), password: call.bytes(2), user: call.bytes(3), site: call.bytes(4))
        },
    ]

    private static func hexadecimal(_ digest: some Sequence<UInt8>) -> [UInt8] {
        digest.flatMap { byte in
            let digits = String(byte, radix: 16)
            return Array(((digits.utf8.count < 2 ? "0" : "") + digits).utf8)
        }
    }

    /// With the cost Go takes, 10, and a salt by chance.
    private static func bcrypt(_ password: [UInt8]) -> [UInt8] {
        guard password.count <= 72, !password.contains(0) else {
            return Array(
                "failed to encrypt string with bcrypt: bcrypt: password length exceeds 72 bytes".utf8)
        }
        var generator = SystemRandomNumberGenerator()
        let alphabet = Array("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
        var salt = (0..<21).map { _ in alphabet[Int(generator.next(upperBound: UInt32(64)))] }
        // The last digit of a salt holds two bits.
        salt.append(alphabet[Int(generator.next(upperBound: UInt32(4))) * 16])
        let setting = "$2a$10$" + String(decoding: salt, as: UTF8.self)
        let data = UnsafeMutablePointer<crypt_data>.allocate(capacity: 1)
        memset(data, 0, MemoryLayout<crypt_data>.size)
        defer {
            explicit_bzero(data, MemoryLayout<crypt_data>.size)
            data.deallocate()
        }
        let hash = String(decoding: password, as: UTF8.self).withCString { phrase in
            crypt_r(phrase, setting, data).map { String(cString: $0) }
        }
        return Array((hash ?? "failed to encrypt string with bcrypt").utf8)
    }
}
