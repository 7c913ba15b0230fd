import MartinetCore
import MartinetHTTP
import NIOCore

/// An answer that a middleware wants whole before it goes on.
final class HeldAnswer {
    /// Place of the middleware in the chain.
    var index: Int
    /// Longest body, in bytes; nil: no bound.
    var limit: Int?
    let spool: Spool
    /// What middlewares further in make of the body: it is kept as they leave it.
    let transforms: [any BodyTransform]
    /// Fields that came behind the body. They wait here, so that another answer in the place of this one does not get them.
    var trailers: TrailerSection?
    /// What of the file was sent.
    var sent = 0
    /// Whether sending waits for the client.
    var isWaiting = false

    init(index: Int, limit: Int?, spool: Spool, transforms: [any BodyTransform]) {
        self.index = index
        self.limit = limit
        self.spool = spool
        self.transforms = transforms
    }

    /// Takes a piece of the body; `end`: it was the last one.
    func append(_ bytes: ByteBuffer, end: Bool, _ exchange: Exchange) {
        var piece = bytes
        for transform in transforms { _ = transform.transform(&piece, end: end, flush: false, exchange) }
        if piece.readableBytes > 0 { spool.append(piece) }
    }

    /// How the whole answer is framed that came in `framing`. With trailers it goes out in chunks, which HTTP/1 needs for them, unless
    /// the server had announced a length: then HTTP/1 has no place for trailers, buffered or not.
    func framing(after framing: BodyFraming) -> BodyFraming {
        if trailers != nil {
            guard case .length = framing, transforms.isEmpty else { return .chunked }
        }
        return .length(UInt64(spool.count))
    }

    var isTooLong: Bool { limit.map { spool.count > $0 } ?? false }
}
