/// The streams that were closed last, and how: what may still come on them depends on it (RFC 9113 §5.1). Of older ones
/// nothing is known.
struct HTTP2ClosedStreams {
    enum Cause: UInt8 {
        /// Both sides sent END_STREAM, or the peer reset it: nothing more may come.
        case ended
        /// We reset it: frames may be on their way that the peer sent before it knew.
        case resetByUs
    }

    private static let capacity = 128

    private var ring: [(id: HTTP2StreamID, cause: Cause)] = []
    private var next = 0

    mutating func insert(_ id: HTTP2StreamID, _ cause: Cause) {
        if ring.count < Self.capacity {
            ring.append((id, cause))
        } else {
            ring[next] = (id, cause)
            next = (next &+ 1) % Self.capacity
        }
    }

    /// Changes how a stream was closed, or adds it.
    mutating func set(_ id: HTTP2StreamID, _ cause: Cause) {
        guard let index = ring.firstIndex(where: { $0.id == id }) else { return insert(id, cause) }
        ring[index].cause = cause
    }

    /// Nil when it is too long ago.
    func cause(of id: HTTP2StreamID) -> Cause? {
        // From the end, where it is most likely. A stream is in here once, so the order decides nothing.
        ring.last { $0.id == id }?.cause
    }
}
