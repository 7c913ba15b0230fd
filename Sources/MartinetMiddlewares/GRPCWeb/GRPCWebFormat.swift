import MartinetCore
import MartinetHTTP
import NIOCore

/// The two ways to write gRPC-Web. One object each: it is what an exchange remembers of its request.
final class GRPCWebFormat: Sendable {
    static let binary = GRPCWebFormat("application/grpc-web")
    static let text = GRPCWebFormat("application/grpc-web-text")
    static let grpc = "application/grpc"

    let contentType: String
    var isText: Bool { self === Self.text }

    private init(_ contentType: String) { self.contentType = contentType }

    /// That of a request by its Content-Type, in which a message format may follow (`+proto`); nil for all that is not gRPC-Web.
    static func named(_ contentType: String) -> GRPCWebFormat? {
        if contentType.hasPrefix(text.contentType) { return text }
        return contentType.hasPrefix(binary.contentType) ? binary : nil
    }
}

/// The body of a request in Base64, unpacked as it comes.
final class GRPCWebRequestBody: RequestTransform {
    private var decoder = Base64.Decoder()

    func transform(_ chunk: inout ByteBuffer, end: Bool) -> Bool {
        var plain = ByteBuffer()
        let isSound = chunk.withUnsafeReadableBytes { decoder.decode($0, to: &plain) }
        chunk = plain
        return isSound && (!end || decoder.isWhole)
    }
}

/// The body of an answer, behind it the trailers as a frame of their own: browsers cannot read those of HTTP.
final class GRPCWebResponseBody: BodyTransform {
    private let format: GRPCWebFormat

    init(_ format: GRPCWebFormat) { self.format = format }

    func transform(_ chunk: inout ByteBuffer, end: Bool, flush: Bool, _ exchange: Exchange) -> TransformVerdict {
        guard format.isText else {
            if end { Self.writeTrailers(of: exchange, to: &chunk) }
            return .release
        }
        var text = ByteBuffer()
        // Each piece is padded: the format allows it, and nothing waits for the octets that would make it whole.
        if chunk.readableBytes > 0 { chunk.withUnsafeReadableBytes { Base64.encode($0, to: &text) } }
        if end {
            var frame = ByteBuffer()
            Self.writeTrailers(of: exchange, to: &frame)
            frame.withUnsafeReadableBytes { Base64.encode($0, to: &text) }
        }
        chunk = text
        return .release
    }

    /// A frame with the highest bit set, its length, then lines as in HTTP/1 with names in lower case, sorted. They are not sent
    /// as trailers of HTTP any more.
    private static func writeTrailers(of exchange: Exchange, to out: inout ByteBuffer) {
        var lines: [(name: String, value: String)] = []
        if let trailers = exchange.responseTrailers {
            for entry in trailers.fields.entries {
                lines.append((trailers.fields.string(entry.name).lowercased(), trailers.fields.string(entry.value)))
            }
        }
        exchange.responseTrailers = nil
        // Sorting is stable: several lines of a name stay in their order.
        lines.sort { $0.name < $1.name }
        var section = ByteBuffer()
        for line in lines { section.writeString("\(line.name): \(line.value)\r\n") }
        out.writeInteger(UInt8(0x80))
        out.writeInteger(UInt32(clamping: section.readableBytes))
        out.writeBuffer(&section)
    }
}
