import MartinetCore
import MartinetHTTP
import NIOCore

/// Compresses one response as it streams by, once enough of it is there to be worth it.
final class CompressionTransform: BodyTransform {
    private enum State {
        /// Fewer bytes than the minimum so far; they wait in `held`.
        case holding
        case compressing(any ContentEncoder)
        case passing
    }

    private let coding: ContentCoding
    private let minimum: Int
    private var state = State.holding
    private var held = ByteBuffer()

    init(coding: ContentCoding, minimum: Int) {
        self.coding = coding
        self.minimum = minimum
    }

    func transform(_ chunk: inout ByteBuffer, end: Bool, flush: Bool, _ exchange: Exchange) -> TransformVerdict {
        if case .holding = state {
            held.writeBuffer(&chunk)
            // A sender that pauses is streaming: waiting for more would hold its events back.
            guard end || held.readableBytes >= minimum || (flush && held.readableBytes > 0) else {
                chunk = ByteBuffer()
                return .hold
            }
            chunk = held
            held = ByteBuffer()
            decide(exchange, size: chunk.readableBytes, end: end)
        }
        guard case .compressing(let encoder) = state else { return .release }
        guard chunk.readableBytes > 0 || flush || end else { return .release }
        var out = ByteBuffer()
        chunk.withUnsafeReadableBytes { encoder.encode($0, flush: flush, end: end, to: &out) }
        chunk = out
        return .release
    }

    private func decide(_ exchange: Exchange, size: Int, end: Bool) {
        guard !(end && size < minimum), let encoder = ContentEncoders.make(coding) else {
            state = .passing
            return
        }
        exchange.response.headers.remove(.contentLength)
        exchange.response.headers.set(.contentEncoding, coding.rawValue)
        state = .compressing(encoder)
    }
}
