import NIOCore

/// Pieces of a body that wait, in order: of an answer for its client's window, of a request for its server.
///
/// Small pieces are copied together: a thousand pieces of ten bytes become one frame when the window opens, and none of them keeps
/// alive the buffer it was read into. Without that, frames of five bytes strewn among others would hold everything that was read
/// with them, thousands of times what their window lets them have.
struct BodyQueue {
    /// Pieces up to this size are copied.
    private static let smallPiece = 4096
    /// Into buffers of this size.
    private static let gatheredSize = 16384

    private var pieces: [ByteBuffer] = []
    /// Where the first piece that waits stands in `pieces`; the places before it are empty.
    private var first = 0
    /// Whether the last piece is a buffer of our own, which can be written to.
    private var isGathering = false
    /// Bytes that wait.
    private(set) var count = 0

    /// Whether nothing waits.
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

    /// Takes the first piece out.
    mutating func popFirst() -> ByteBuffer? {
        guard first < pieces.count else { return nil }
        let piece = pieces[first]
        count -= piece.readableBytes
        removeFirst()
        return piece
    }

    /// Hands the pieces out one after the other until `send` leaves something of one.
    mutating func drain(_ send: (inout ByteBuffer) -> Void) {
        while first < pieces.count {
            let before = pieces[first].readableBytes
            send(&pieces[first])
            let left = pieces[first].readableBytes
            count -= before - left
            guard left > 0 else {
                removeFirst()
                continue
            }
            // The end of a large piece need not keep all of it.
            if left < before, left <= Self.smallPiece, !isGathering || first + 1 < pieces.count {
                pieces[first] = Self.copy(of: pieces[first])
            }
            return
        }
    }

    mutating func removeAll() { self = BodyQueue() }

    /// The places before the first piece are given up when they are half of all, so that a piece costs the same however many wait.
    private mutating func removeFirst() {
        pieces[first] = ByteBuffer()
        first += 1
        guard first * 2 >= pieces.count else { return }
        pieces.removeFirst(first)
        first = 0
        if pieces.isEmpty { isGathering = false }
    }

    private static func copy(of piece: ByteBuffer) -> ByteBuffer {
        var copy = ByteBufferAllocator().buffer(capacity: piece.readableBytes)
        copy.writeImmutableBuffer(piece)
        return copy
    }
}
