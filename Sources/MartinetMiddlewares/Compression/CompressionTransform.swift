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
    private let types: CompressibleTypes?
    private var state = State.holding
    private var held = ByteBuffer()
    /// True once the body's type has told that it stays as it is.
    private(set) var keepsLength = false

    /// `types`: the body begins with what tells its type, and only these are compressed.
    init(coding: ContentCoding, minimum: Int, sniffing types: CompressibleTypes?) {
        self.coding = coding
        self.minimum = minimum
        self.types = types
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
            decide(exchange, chunk, end: end)
        }
        guard case .compressing(let encoder) = state else { return .release }
        guard chunk.readableBytes > 0 || flush || end else { return .release }
        var out = ByteBuffer()
        chunk.withUnsafeReadableBytes { encoder.encode($0, flush: flush, end: end, to: &out) }
        chunk = out
        return .release
    }

    private func decide(_ exchange: Exchange, _ start: ByteBuffer, end: Bool) {
        keepsLength = !admits(start)
        guard !keepsLength, !(end && start.readableBytes < minimum), let encoder = ContentEncoders.make(coding) else {
            state = .passing
            return
        }
        exchange.response.headers.remove(.contentLength)
        // Ranges would be those of what is packed. Traefik leaves the promise to the other encodings.
        if coding == .gzip { exchange.response.headers.remove(name: ("Accept-Ranges" as StaticString).bytes) }
        exchange.response.headers.set(.contentEncoding, coding.rawValue)
        state = .compressing(encoder)
    }

    private func admits(_ start: ByteBuffer) -> Bool {
        guard let types else { return true }
        return types.admits(start.withUnsafeReadableBytes { ContentSniffer.type(of: $0) }.bytes)
    }
}
