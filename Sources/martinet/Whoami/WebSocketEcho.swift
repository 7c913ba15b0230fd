import Crypto
import MartinetHTTP
import NIOCore

/// The far end of `/echo`: repeats each message (RFC 6455). Frames are at most 16 MiB.
struct WebSocketEcho {
    private static let frameLimit: UInt64 = 16 << 20

    /// The 101 that answers an upgrade request; nil when it is none we understand.
    static func accept(_ headers: borrowing HeaderBlock) -> ByteBuffer? {
        guard let upgrade = headers.string(.upgrade), upgrade.lowercased() == "websocket",
            let key = headers.string(.secWebSocketKey)
        else { return nil }
        let digest = Insecure.SHA1.hash(data: Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8))
        var out = ByteBuffer(
            string: "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n")
        out.writeString("Sec-WebSocket-Accept: \(Self.base64(Array(digest)))\r\n\r\n")
        return out
    }

    /// Answers every whole frame in `input`. Returns false once the connection should close.
    mutating func receive(_ input: inout ByteBuffer, replyingTo out: inout ByteBuffer) -> Bool {
        while let (first, second) = input.getMultipleIntegers(at: input.readerIndex, as: (UInt8, UInt8).self) {
            var header = 2
            var length = UInt64(second & 0x7F)
            if length == 126 {
                guard let extended = input.getInteger(at: input.readerIndex + 2, as: UInt16.self) else { return true }
                length = UInt64(extended)
                header = 4
            } else if length == 127 {
                guard let extended = input.getInteger(at: input.readerIndex + 2, as: UInt64.self) else { return true }
                length = extended
                header = 10
            }
            // A client must mask what it sends (§5.1).
            guard second & 0x80 != 0, length <= Self.frameLimit else { return false }
            let size = Int(length)
            guard input.readableBytes >= header + 4 + size else { return true }
            input.moveReaderIndex(forwardBy: header)
            guard let mask = input.readBytes(length: 4), var payload = input.readBytes(length: size) else {
                return true
            }
            for index in payload.indices { payload[index] ^= mask[index & 3] }
            let opcode = first & 0x0F
            switch opcode {
            case 0x8:
                Self.write(first: 0x88, payload, to: &out)
                return false
            case 0x9: Self.write(first: 0x8A, payload, to: &out)
            case 0xA: break
            default: Self.write(first: first & 0x8F, payload, to: &out)
            }
        }
        return true
    }

    private static func write(first: UInt8, _ payload: [UInt8], to out: inout ByteBuffer) {
        out.writeInteger(first)
        switch payload.count {
        case 0..<126:
            out.writeInteger(UInt8(payload.count))
        case 126...0xFFFF:
            out.writeInteger(UInt8(126))
            out.writeInteger(UInt16(payload.count))
        default:
            out.writeInteger(UInt8(127))
            out.writeInteger(UInt64(payload.count))
        }
        out.writeBytes(payload)
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var out: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let a = bytes[index]
            let b = index + 1 < bytes.count ? bytes[index + 1] : 0
            let c = index + 2 < bytes.count ? bytes[index + 2] : 0
            out.append(alphabet[Int(a >> 2)])
            out.append(alphabet[Int((a & 3) << 4 | b >> 4)])
            out.append(index + 1 < bytes.count ? alphabet[Int((b & 15) << 2 | c >> 6)] : UInt8(ascii: "="))
            out.append(index + 2 < bytes.count ? alphabet[Int(c & 63)] : UInt8(ascii: "="))
            index += 3
        }
        return String(decoding: out, as: UTF8.self)
    }
}
