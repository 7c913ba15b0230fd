import CZlib
import NIOCore

/// gzip (RFC 1952) by zlib at its default level.
final class GzipEncoder: ContentEncoder {
    private let stream: UnsafeMutablePointer<z_stream>

    init?() {
        guard let stream = IdleGzipStreams.shared.take() ?? Self.makeStream() else { return nil }
        self.stream = stream
    }

    deinit {
        if !IdleGzipStreams.shared.keep(stream) { Self.discard(stream) }
    }

    static func discard(_ stream: UnsafeMutablePointer<z_stream>) {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// Nil when there is no memory.
    static func makeStream() -> UnsafeMutablePointer<z_stream>? {
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        // 15 bits of window, 16 more for a gzip header.
        let status = deflateInit2_(
            stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else {
            stream.deallocate()
            return nil
        }
        return stream
    }

    func encode(_ input: UnsafeRawBufferPointer, flush: Bool, end: Bool, to out: inout ByteBuffer) {
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
        stream.pointee.avail_in = UInt32(clamping: input.count)
        let mode = end ? Z_FINISH : flush ? Z_SYNC_FLUSH : Z_NO_FLUSH
        var isFull = true
        while isFull {
            out.writeWithUnsafeMutableBytes(minimumWritableBytes: 4096) { memory in
                stream.pointee.next_out = memory.bindMemory(to: UInt8.self).baseAddress
                stream.pointee.avail_out = UInt32(clamping: memory.count)
                deflate(stream, mode)
                let written = min(memory.count, Int(UInt32.max)) - Int(stream.pointee.avail_out)
                isFull = stream.pointee.avail_out == 0
                return written
            }
        }
    }
}
