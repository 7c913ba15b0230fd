import NIOCore

/// The fixed parts of chunked framing (RFC 9112 §7.1).
enum Chunk {
    static let lineEnd = ByteBuffer(string: "\r\n")
    static let last = ByteBuffer(string: "0\r\n\r\n")
}
