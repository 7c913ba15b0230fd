import NIOCore
import NIOEmbedded
import NIOSSL

/// ClientHellos for tests.
enum HelloBytes {
    /// What the TLS library sends for a name.
    static func made(for name: String?, protocols: [String] = ["h2", "http/1.1"]) throws -> [UInt8] {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .none
        configuration.applicationProtocols = protocols
        let handler = try NIOSSLClientHandler(
            context: try NIOSSLContext(configuration: configuration), serverHostname: name)
        let channel = EmbeddedChannel(handler: handler)
        channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil)
        defer {
            channel.close(promise: nil)
            channel.embeddedEventLoop.advanceTime(by: .seconds(10))
        }
        var bytes = try channel.readOutbound(as: ByteBuffer.self) ?? ByteBuffer()
        return bytes.readBytes(length: bytes.readableBytes) ?? []
    }

    static func extensionBytes(_ type: UInt16, _ content: [UInt8]) -> [UInt8] {
        two(type) + two(UInt16(content.count)) + content
    }

    static func serverName(_ name: [UInt8], type: UInt8 = 0) -> [UInt8] {
        extensionBytes(0, two(UInt16(name.count + 3)) + [type] + two(UInt16(name.count)) + name)
    }

    static func serverName(_ name: String) -> [UInt8] { serverName(Array(name.utf8)) }

    static func protocols(_ names: [String]) -> [UInt8] {
        let list = names.flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) }
        return extensionBytes(16, two(UInt16(list.count)) + list)
    }

    static func numbers(_ type: UInt16, _ values: [UInt16]) -> [UInt8] {
        extensionBytes(type, two(UInt16(values.count * 2)) + values.flatMap(two))
    }

    /// A handshake message, without record header.
    static func message(
        suites: [UInt16] = [0x1301, 0xC02B, 0xC02F], extensions: [UInt8]?, trailing: [UInt8] = []
    ) -> [UInt8] {
        var body: [UInt8] = [3, 3] + Array(repeating: 7, count: 32) + [0]
        body += two(UInt16(suites.count * 2)) + suites.flatMap(two) + [1, 0]
        if let extensions { body += two(UInt16(extensions.count)) + extensions }
        body += trailing
        return [1, 0] + two(UInt16(body.count)) + body
    }

    /// Records of at most `size` bytes each.
    static func records(_ message: [UInt8], size: Int = 1 << 14) -> [UInt8] {
        stride(from: 0, to: message.count, by: size).flatMap { start in
            let part = message[start..<min(start + size, message.count)]
            return [22, 3, 1] + two(UInt16(part.count)) + part
        }
    }

    static func two(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }
}
