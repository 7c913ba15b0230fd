import Crypto

/// A Lua script and the name the server knows it by once it has seen it.
package struct RedisScript: Sendable {
    package let source: String
    /// SHA-1 of the source, in hexadecimal.
    package let digest: String

    package init(_ source: String) {
        self.source = source
        digest = Insecure.SHA1.hash(data: Array(source.utf8)).map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }.joined()
    }
}
