import Crypto
import MartinetCore
import MartinetHTTP

/// What stands for a WebSocket's handshake where one side of the proxy speaks HTTP/1 and the other HTTP/2: extended CONNECT has
/// neither key nor proof (RFC 8441 §5), HTTP/1's Upgrade cannot do without (RFC 6455 §4).
enum WebSocketHandshake {
    private static let identifier: StaticString = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"

    static func isWebSocket(_ request: borrowing RequestHead) -> Bool {
        guard request.wantsUpgrade, let token = request.headers.first(.upgrade) else { return false }
        return request.headers.withBytes(token) { ASCII.equalIgnoringCase($0, "websocket") }
    }

    /// Gives a request a fresh key in the place of whatever the client sent.
    static func setKey(of request: inout RequestHead) {
        var generator = SystemRandomNumberGenerator()
        let key = (0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) }
        request.headers.set(.secWebSocketKey, base64(key))
    }

    /// Sec-WebSocket-Accept for the key of a request; nil when it has none.
    static func accept(for request: borrowing RequestHead) -> String? {
        guard let key = request.headers.first(.secWebSocketKey) else { return nil }
        var hash = Insecure.SHA1()
        request.headers.withBytes(key) { hash.update(bufferPointer: $0) }
        hash.update(bufferPointer: identifier.bytes)
        return base64(Array(hash.finalize()))
    }

    /// Whether a server that has switched protocols proves that it understood the key (RFC 6455 §4.1).
    static func isProven(_ exchange: Exchange) -> Bool {
        guard exchange.response.headers.count(of: .secWebSocketAccept) == 1,
            let proof = exchange.response.headers.first(.secWebSocketAccept)
        else { return false }
        return accept(for: exchange.request) == exchange.response.headers.string(proof)
    }

    /// RFC 4648 §4.
    private static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var word = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << (8 * UInt32(3 - group.count))
            for place in 0..<4 {
                text.append(place <= group.count ? alphabet[Int(word >> 18 & 63)] : UInt8(ascii: "="))
                word <<= 6
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
