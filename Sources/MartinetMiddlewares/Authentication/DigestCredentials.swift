import Crypto
import MartinetHTTP

/// What a client says in `Authorization: Digest` (RFC 7616 §3.4).
struct DigestCredentials: Sendable, Equatable {
    var userName = ""
    var nonce = ""
    var uri = ""
    var response = ""
    var algorithm = "MD5"
    var qop = ""
    var cnonce = ""
    /// The request count as it was sent: eight hex digits.
    var count = ""
    var opaque = ""

    /// Nil when it is no Digest header or not well-formed.
    init?(_ header: UnsafeRawBufferPointer) {
        guard header.count > 7, ASCII.equalIgnoringCase(UnsafeRawBufferPointer(rebasing: header[..<7]), "Digest ")
        else {
            return nil
        }
        var reader = DigestReader(header[7...])
        while let name = reader.takeName() {
            guard let value = reader.takeValue() else { return nil }
            switch name.lowercased() {
            case "username": userName = value
            case "nonce": nonce = value
            case "uri": uri = value
            case "response": response = value
            case "algorithm": algorithm = value
            case "qop": qop = value
            case "cnonce": cnonce = value
            case "nc": count = value
            case "opaque": opaque = value
            default: break
            }
        }
        guard reader.isAtEnd else { return nil }
    }

    /// The request count as a number; nil when it is none.
    var countNumber: UInt32? { count.utf8.count == 8 ? UInt32(count, radix: 16) : nil }

    /// Whether the response is the one that `secret`, MD5 of `name:realm:password` in hex, gives for this request.
    func isProof(of secret: String, method: String) -> Bool {
        let request = Self.md5("\(method):\(uri)")
        let expected = Self.md5("\(secret):\(nonce):\(count):\(cnonce):\(qop):\(request)")
        return PasswordHash.equal(Array(expected.utf8), Array(response.utf8))
    }

    /// In lower-case hex.
    static func md5(_ text: String) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let digest = Insecure.MD5.hash(data: Array(text.utf8))
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}

/// Reads `name=value, name="value"` lists (RFC 9110 §11.2).
private struct DigestReader {
    private let bytes: Slice<UnsafeRawBufferPointer>
    private var index: Int

    init(_ bytes: Slice<UnsafeRawBufferPointer>) {
        self.bytes = bytes
        index = bytes.startIndex
    }

    var isAtEnd: Bool { index >= bytes.endIndex }

    /// A name and the sign behind it; nil at the end, or when there is none.
    mutating func takeName() -> String? {
        skip { $0 == 0x20 || $0 == 0x09 || $0 == UInt8(ascii: ",") }
        let start = index
        skip { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ",") }
        guard index < bytes.endIndex, bytes[index] == UInt8(ascii: "="), index > start else {
            index = isAtEnd && start == index ? index : start
            return nil
        }
        let name = UnsafeRawBufferPointer(rebasing: bytes[start..<index])
        index += 1
        return String(decoding: ASCII.trim(name), as: UTF8.self)
    }

    mutating func takeValue() -> String? {
        skip { $0 == 0x20 || $0 == 0x09 }
        guard index < bytes.endIndex, bytes[index] == UInt8(ascii: "\"") else {
            let start = index
            skip { $0 != UInt8(ascii: ",") }
            return String(decoding: ASCII.trim(UnsafeRawBufferPointer(rebasing: bytes[start..<index])), as: UTF8.self)
        }
        index += 1
        var value: [UInt8] = []
        while index < bytes.endIndex, bytes[index] != UInt8(ascii: "\"") {
            if bytes[index] == UInt8(ascii: "\\"), index + 1 < bytes.endIndex { index += 1 }
            value.append(bytes[index])
            index += 1
        }
        guard index < bytes.endIndex else { return nil }
        index += 1
        return String(decoding: value, as: UTF8.self)
    }

    private mutating func skip(while predicate: (UInt8) -> Bool) {
        while index < bytes.endIndex, predicate(bytes[index]) { index += 1 }
    }
}
