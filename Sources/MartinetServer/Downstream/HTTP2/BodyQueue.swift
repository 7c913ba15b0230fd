import NIOCore

/// Pieces of a body that wait for the peer's window, in order.
///
/// Small pieces are copied together: a thousand pieces of ten bytes become one frame when the window opens, and none of them keeps
/// alive the buffer it was read into.
struct BodyQueue {
    /// Pieces up to this size are copied.
    private static let smallPiece = 4096
    /// Into buffers of this size.
    private static let gatheredSize = 16384

    private var pieces: [ByteBuffer] = []
    /// Whether the last piece is a buffer of our own, which can be written to.
    private var isGathering = false
    /// Bytes that wait.
    private(set) var count = 0

    var isEmpty: Bool { pieces.isEmpty }

    mutating func append(_ piece: ByteBuffer) {
        count += piece.readableBytes
        guard piece.readableBytes <= Self.smallPiece else {
            isGathering = false
            pieces.append(piece)
            return
        }
        if isGathering, let last = pieces.indices.last,
            pieces[last].readableBytes + piece.readableBytes <= Self.gatheredSize
        {
            pieces[last].writeImmutableBuffer(piece)
            return
        }
        isGathering = true
        pieces.append(Self.copy(of: piece))
    }

    /// Hands the pieces out one after the other until `send` leaves something of one.
    mutating func drain(_ send: (inout ByteBuffer) -> Void) {
        var sent = 0
        while sent < pieces.count {
            let before = pieces[sent].readableBytes
            send(&pieces[sent])
            let left = pieces[sent].readableBytes
            count -= before - left
            guard left == 0 else {
                // The end of a large piece need not keep all of it.
                if left < before, left <= Self.smallPiece, !isGathering || sent + 1 < pieces.count {
                    pieces[sent] = Self.copy(of: pieces[sent])
                }
                break
            }
            sent += 1
        }
        pieces.removeFirst(sent)
        if pieces.isEmpty { isGathering = false }
    }

    mutating func removeAll() {
        pieces = []
        isGathering = false
        count = 0
    }

    private static func copy(of piece: ByteBuffer) -> ByteBuffer {
        var copy = ByteBufferAllocator().buffer(capacity: piece.readableBytes)
        copy.writeImmutableBuffer(piece)
        return copy
    }
}
