import NIOCore

extension Optional where Wrapped == ByteBuffer {
    /// Adds what was read behind what is left of earlier reads. What was consumed of those is let go, so that the buffer never
    /// grows beyond twice its unread bytes.
    mutating func appendRead(_ bytes: inout ByteBuffer) {
        guard var rest = take() else {
            self = bytes
            return
        }
        if rest.readerIndex >= rest.readableBytes { rest.discardReadBytes() }
        rest.writeBuffer(&bytes)
        self = rest
    }
}
