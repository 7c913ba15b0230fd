import MartinetCore
import MartinetHTTP
import NIOCore

/// Waits for the first bytes of the body and names their type. Has no state: one serves all.
final class TypeDetection: BodyTransform, Sendable {
    static let shared = TypeDetection()

    var keepsLength: Bool { true }

    func transform(_ chunk: inout ByteBuffer, end: Bool, flush: Bool, _ exchange: Exchange) -> TransformVerdict {
        guard chunk.readableBytes > 0 else { return end ? .release : .hold }
        guard !exchange.response.headers.contains(.contentType), !exchange.response.headers.contains(.contentEncoding)
        else {
            return .release
        }
        let type = chunk.withUnsafeReadableBytes { ContentSniffer.type(of: $0) }
        exchange.response.headers.add(.contentType, type)
        return .release
    }
}
