import CBrotli
import CZstd
import NIOCore

/// A streaming compressor. Used by one response, on one event loop.
protocol ContentEncoder: AnyObject {
    /// Compresses `input` to the end of `out`. `flush`: let out all that was taken in; `end`: and finish the stream.
    func encode(_ input: UnsafeRawBufferPointer, flush: Bool, end: Bool, to out: inout ByteBuffer)
}

enum ContentEncoders {
    /// Nil when the library has no memory.
    static func make(_ coding: ContentCoding) -> (any ContentEncoder)? {
        switch coding {
        case .gzip: GzipEncoder()
        case .br: BrotliEncoder()
        case .zstd: ZstdEncoder()
        }
    }
}

/// Brotli (RFC 7932) at quality 5: about gzip's speed, smaller.
final class BrotliEncoder: ContentEncoder {
    private let state: OpaquePointer

    init?() {
        guard let state = BrotliEncoderCreateInstance(nil, nil, nil) else { return nil }
        self.state = state
        BrotliEncoderSetParameter(state, BROTLI_PARAM_QUALITY, 5)
        // A window of 256 KiB bounds what one response holds.
        BrotliEncoderSetParameter(state, BROTLI_PARAM_LGWIN, 18)
    }

    deinit { BrotliEncoderDestroyInstance(state) }

    func encode(_ input: UnsafeRawBufferPointer, flush: Bool, end: Bool, to out: inout ByteBuffer) {
        var left = input.count
        var next = input.bindMemory(to: UInt8.self).baseAddress
        let operation = end ? BROTLI_OPERATION_FINISH : flush ? BROTLI_OPERATION_FLUSH : BROTLI_OPERATION_PROCESS
        repeat {
            out.writeWithUnsafeMutableBytes(minimumWritableBytes: 4096) { memory in
                var room = memory.count
                var target = memory.bindMemory(to: UInt8.self).baseAddress
                let good = BrotliEncoderCompressStream(state, operation, &left, &next, &room, &target, nil)
                if good == BROTLI_FALSE { left = 0 }
                return memory.count - room
            }
        } while left > 0 || BrotliEncoderHasMoreOutput(state) == BROTLI_TRUE
    }
}

/// Zstandard (RFC 8878) at its default level.
final class ZstdEncoder: ContentEncoder {
    private let context: OpaquePointer

    init?() {
        guard let context = ZSTD_createCCtx() else { return nil }
        self.context = context
        // RFC 9659: receivers need not support windows beyond 8 MiB; 256 KiB bounds our own memory.
        ZSTD_CCtx_setParameter(context, ZSTD_c_windowLog, 18)
    }

    deinit { ZSTD_freeCCtx(context) }

    func encode(_ input: UnsafeRawBufferPointer, flush: Bool, end: Bool, to out: inout ByteBuffer) {
        var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
        let mode = end ? ZSTD_e_end : flush ? ZSTD_e_flush : ZSTD_e_continue
        var isDone = false
        while !isDone {
            out.writeWithUnsafeMutableBytes(minimumWritableBytes: 4096) { memory in
                var target = ZSTD_outBuffer(dst: memory.baseAddress, size: memory.count, pos: 0)
                let left = ZSTD_compressStream2(context, &target, &source, mode)
                let failed = ZSTD_isError(left) != 0
                isDone = failed || (mode == ZSTD_e_continue ? source.pos == source.size : left == 0)
                return target.pos
            }
        }
    }
}
