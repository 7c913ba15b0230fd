import MartinetHTTP
import NIOCore

/// Writes the frames of a script's peer, most of them as they should be.
struct HTTP2ScriptedPeer: ~Copyable {
    typealias Fields = [(name: String, value: String)]

    private var encoder: HPACKEncoder

    init(tableLimit: Int) {
        encoder = HPACKEncoder(limit: 4096)
        encoder.setPeerLimit(tableLimit)
    }

    // MARK: Messages

    private static func request(_ method: String, _ path: String = "/x", _ fields: Fields = []) -> Fields {
        [(":method", method), (":scheme", "https"), (":authority", "a.test"), (":path", path)] + fields
    }

    private static let manyFields: Fields = (0..<20).map { ("x-\($0)", "\($0)") }
    private static let large = String(repeating: "v", count: 3000)

    static let requests: [Fields] = [
        request("GET"),
        request("POST", "/p?q=1", [("content-length", "5")]),
        request("POST"),
        request("HEAD"),
        request("OPTIONS", "*"),
        [(":method", "CONNECT"), (":authority", "a.test:1")],
        request("CONNECT", "/ws", [(":protocol", "websocket"), ("sec-websocket-version", "13")]),
        request("GET", "/", [("cookie", "a=1"), ("x", "y"), ("cookie", "b=2"), ("cookie", "c=3")]),
        request("GET", "/", manyFields),
        request("GET", "/", [("Upper", "case")]),
        request("GET", "/", [("te", "trailers"), ("trailer", "grpc-status, host")]),
        request("PUT", "/", [("expect", "100-continue")]),
        request("GET", "/", [("x-large", large)]),
        request("GET", "/", [("connection", "close")]),
        request("GET", "/", [("authorization", "secret"), ("host", "a.test")]),
        request("GET", "/") + [(":path", "/behind")],
        request("DELETE", "/", [("content-length", "0"), ("x_alias", "1")]),
    ]

    static let responses: [Fields] = [
        [(":status", "200")],
        [(":status", "200"), ("content-length", "5")],
        [(":status", "204")],
        [(":status", "304"), ("content-length", "5")],
        [(":status", "100")],
        [(":status", "103"), ("link", "</a>")],
        [(":status", "101")],
        [(":status", "20")],
        [(":status", "200"), ("x-large", large)],
        [(":status", "404"), ("set-cookie", "a=b"), ("set-cookie", "c=d")],
        [(":status", "500"), ("content-length", "0")],
        [("x", "y")],
        [(":status", "200")] + manyFields,
    ]

    static let trailers: [Fields] = [
        [("grpc-status", "0"), ("grpc-message", "fine")],
        [(":status", "200")],
        [("content-length", "5")],
        [],
        [("x-large", large)],
    ]

    // MARK: Frames

    static func frame(_ kind: UInt8, _ flags: UInt8, _ stream: UInt32, _ payload: [UInt8] = []) -> [UInt8] {
        Array(word(UInt32(payload.count)).dropFirst()) + [kind, flags] + word(stream) + payload
    }

    static func word(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }

    /// A field section; bits of `how`: it ends the stream, it comes in pieces, it is padded and has a priority.
    mutating func section(_ fields: Fields, _ stream: UInt32, how: UInt8) -> [UInt8] {
        Self.section(block(fields), stream, how: how)
    }

    static func section(_ block: [UInt8], _ stream: UInt32, how: UInt8) -> [UInt8] {
        let end = how & 1
        let inPieces = how & 2 != 0
        let isPadded = how & 4 != 0
        var first = inPieces ? Array(block.prefix(block.count / 3)) : Array(block.prefix(16000))
        var rest = block.dropFirst(first.count)
        var frames: [UInt8] = []
        let isWhole = rest.isEmpty
        if isPadded { first = [3] + [0, 0, 0, 9, 1] + first + [0, 0, 0] }
        frames += frame(1, end | (isWhole ? 4 : 0) | (isPadded ? 0x28 : 0), stream, first)
        while !rest.isEmpty {
            let piece = rest.prefix(inPieces ? block.count / 3 + 1 : 16000)
            rest = rest.dropFirst(piece.count)
            frames += frame(9, rest.isEmpty ? 4 : 0, stream, Array(piece))
        }
        return frames
    }

    static func data(_ count: Int, _ stream: UInt32, end: Bool, isPadded: Bool) -> [UInt8] {
        let body = [UInt8](repeating: 0x62, count: min(count, isPadded ? 16380 : 16384))
        let payload = isPadded ? [3] + body + [0, 0, 0] : body
        return frame(0, (end ? 1 : 0) | (isPadded ? 8 : 0), stream, payload)
    }

    private mutating func block(_ fields: Fields) -> [UInt8] {
        var out = ByteBuffer()
        encoder.begin(&out)
        for (name, value) in fields {
            let name = Array(name.utf8)
            let value = Array(value.utf8)
            guard name == name.map(ASCII.lower) else {
                // An encoder would put it into lower case.
                out.writeBytes([0, UInt8(name.count)] + name + [UInt8(value.count)] + value)
                continue
            }
            name.withUnsafeBytes { name in
                value.withUnsafeBytes { value in
                    encoder.encode(
                        name: name, value: value, id: HeaderID.lookup(name), isSensitive: false, to: &out)
                }
            }
        }
        return Array(out.readableBytesView)
    }
}
