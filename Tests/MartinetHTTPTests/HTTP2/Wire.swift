/// Frames as bytes, put together by hand so that the tests do not lean on what they test.
enum Wire {
    static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    static let endStream: UInt8 = 1
    static let ack: UInt8 = 1
    static let endHeaders: UInt8 = 4
    static let padded: UInt8 = 8
    static let priority: UInt8 = 32

    static func frame(_ type: UInt8, _ flags: UInt8, _ stream: UInt32, _ payload: [UInt8] = []) -> [UInt8] {
        let count = payload.count
        return [UInt8(count >> 16 & 255), UInt8(count >> 8 & 255), UInt8(count & 255), type, flags] + int(stream)
            + payload
    }

    static func int(_ value: UInt32) -> [UInt8] {
        [UInt8(value >> 24), UInt8(value >> 16 & 255), UInt8(value >> 8 & 255), UInt8(value & 255)]
    }

    static func data(_ stream: UInt32, _ text: String, end: Bool = false) -> [UInt8] {
        frame(0, end ? endStream : 0, stream, Array(text.utf8))
    }

    static func headers(_ stream: UInt32, _ fields: [(String, String)], end: Bool = true) -> [UInt8] {
        frame(1, endHeaders | (end ? endStream : 0), stream, block(fields))
    }

    static func reset(_ stream: UInt32, _ code: UInt32 = 8) -> [UInt8] { frame(3, 0, stream, int(code)) }

    static func settings(_ values: [(UInt16, UInt32)] = []) -> [UInt8] {
        frame(4, 0, 0, values.flatMap { [UInt8($0.0 >> 8), UInt8($0.0 & 255)] + int($0.1) })
    }

    static let settingsAck = frame(4, ack, 0)

    static func ping(_ byte: UInt8 = 1) -> [UInt8] { frame(6, 0, 0, [UInt8](repeating: byte, count: 8)) }

    static func goAway(_ last: UInt32, _ code: UInt32 = 0) -> [UInt8] { frame(7, 0, 0, int(last) + int(code)) }

    static func windowUpdate(_ stream: UInt32, _ increment: UInt32) -> [UInt8] { frame(8, 0, stream, int(increment)) }

    /// Literals that are not indexed, without Huffman.
    static func block(_ fields: [(String, String)]) -> [UInt8] {
        fields.flatMap { [0] + string($0.0) + string($0.1) }
    }

    private static func string(_ text: String) -> [UInt8] {
        let bytes = Array(text.utf8)
        var rest = bytes.count - 127
        guard rest >= 0 else { return [UInt8(bytes.count)] + bytes }
        var length: [UInt8] = [127]
        while rest >= 128 {
            length.append(UInt8(rest & 127 | 128))
            rest >>= 7
        }
        return length + [UInt8(rest)] + bytes
    }

    /// A request's pseudo-headers, some of them changed or, with nil, left out.
    static func request(
        _ changes: [String: String?] = [:], and fields: [(String, String)] = []
    ) -> [(String, String)] {
        let usual = [(":method", "GET"), (":scheme", "https"), (":authority", "a.test"), (":path", "/x")]
        return usual.compactMap { name, value in
            guard let change = changes[name] else { return (name, value) }
            return change.map { (name, $0) }
        } + fields
    }

    static let response = [(":status", "200")]
}

extension Wire {
    /// A field section in as many frames as it takes.
    static func headersInFrames(_ stream: UInt32, _ fields: [(String, String)], size: Int = 16384) -> [UInt8] {
        let block = block(fields)
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: block.count, by: size) {
            let end = min(start + size, block.count)
            let last: UInt8 = end == block.count ? endHeaders : 0
            bytes += frame(start == 0 ? 1 : 9, last | (start == 0 ? endStream : 0), stream, Array(block[start..<end]))
        }
        return bytes
    }
}
