import CCrypt
import Crypto

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Checks passwords against stored hashes: apr1, {SHA}, and whatever crypt(3) knows (MD5, bcrypt, SHA-256, SHA-512).
/// Slow on purpose for most kinds: never on an event loop.
enum PasswordHash {
    /// Longest password, in bytes, that is hashed at all: what crypt(3) takes at most. apr1 hashes the password a thousand times
    /// over, so without a bound a header of 64 KiB would cost the thread a second.
    static let longestPassword = 512

    /// Whether `password` is the one that was hashed. Takes the time the kind of hash takes, however early a difference shows.
    static func verify(_ password: [UInt8], against hash: String) -> Bool {
        guard password.count <= longestPassword else { return false }
        if hash.hasPrefix("$apr1$") { return equal(apr1(password, setting: hash), Array(hash.utf8)) }
        if hash.hasPrefix("{SHA}") {
            let digest = Insecure.SHA1.hash(data: password)
            return equal(Array(("{SHA}" + Base64.encode(Array(digest))).utf8), Array(hash.utf8))
        }
        guard hash.hasPrefix("$") else { return false }
        // Go's bcrypt and PHP write $2y$ and $2a$ for the same thing.
        return crypt(password, setting: hash).map { equal($0, Array(hash.utf8)) } ?? false
    }

    private static func crypt(_ password: [UInt8], setting: String) -> [UInt8]? {
        // A NUL would end the password early for crypt(3): such a password is none.
        guard !password.contains(0) else { return nil }
        let data = UnsafeMutablePointer<crypt_data>.allocate(capacity: 1)
        defer { data.deallocate() }
        memset(data, 0, MemoryLayout<crypt_data>.size)
        return (password + [0]).withUnsafeBufferPointer { bytes in
            bytes.withMemoryRebound(to: CChar.self) { phrase in
                guard let base = phrase.baseAddress, let result = crypt_r(base, setting, data) else { return nil }
                return Array(String(cString: result).utf8)
            }
        }
    }

    /// Compares without stopping at the first difference.
    static func equal(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        var difference: UInt8 = a.count == b.count ? 0 : 1
        for index in 0..<min(a.count, b.count) { difference |= a[index] ^ b[index] }
        return difference == 0
    }

    /// Apache's variant of MD5-crypt: a thousand rounds of MD5 over password and salt in varying order.
    private static func apr1(_ password: [UInt8], setting: String) -> [UInt8] {
        let salt = Array(setting.utf8.dropFirst(6).prefix { $0 != UInt8(ascii: "$") }.prefix(8))
        func md5(_ bytes: [UInt8]) -> [UInt8] { Array(Insecure.MD5.hash(data: bytes)) }
        let inner = md5(password + salt + password)
        var first = password + Array("$apr1$".utf8) + salt
        var left = password.count
        while left > 0 {
            first += inner.prefix(min(16, left))
            left -= 16
        }
        var length = password.count
        while length > 0 {
            first.append(length & 1 == 1 ? 0 : password[0])
            length >>= 1
        }
        var digest = md5(first)
        for round in 0..<1000 {
            var next: [UInt8] = round & 1 == 1 ? password : digest
            if round % 3 != 0 { next += salt }
            if round % 7 != 0 { next += password }
            next += round & 1 == 1 ? digest : password
            digest = md5(next)
        }
        return Array("$apr1$".utf8) + salt + [UInt8(ascii: "$")] + encode(digest)
    }

    /// crypt(3)'s own base64, bytes in its own order.
    private static func encode(_ digest: [UInt8]) -> [UInt8] {
        let alphabet = Array("./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
        var out: [UInt8] = []
        func append(_ value: UInt32, _ count: Int) {
            var value = value
            for _ in 0..<count {
                out.append(alphabet[Int(value & 63)])
                value >>= 6
            }
        }
        for (a, b, c) in [(0, 6, 12), (1, 7, 13), (2, 8, 14), (3, 9, 15), (4, 10, 5)] {
            append(UInt32(digest[a]) << 16 | UInt32(digest[b]) << 8 | UInt32(digest[c]), 4)
        }
        append(UInt32(digest[11]), 2)
        return out
    }
}
