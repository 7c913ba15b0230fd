import MartinetHTTP
import NIOCore

/// Writes bytes one after the other into memory that was reserved for all of them: one bounds decision for a whole head
/// instead of one for each of its forty pieces.
struct RawWriter {
    private var next: UnsafeMutableRawPointer
    private let start: UnsafeMutableRawPointer
    private let end: UnsafeMutableRawPointer

    init?(_ memory: UnsafeMutableRawBufferPointer) {
        guard let base = memory.baseAddress else { return nil }
        next = base
        start = base
        end = base + memory.count
    }

    var written: Int { next - start }

    @inline(__always)
    mutating func write(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        precondition(end - next >= bytes.count, "a message head is longer than was reckoned")
        next.copyMemory(from: base, byteCount: bytes.count)
        next += bytes.count
    }

    @inline(__always)
    mutating func write(_ text: StaticString) { write(text.bytes) }

    @inline(__always)
    mutating func write(_ byte: UInt8) {
        precondition(end - next >= 1, "a message head is longer than was reckoned")
        next.storeBytes(of: byte, as: UInt8.self)
        next += 1
    }

    /// Labelled, or literals would be taken for a `String`, which is dearer to write.
    mutating func write(text: String) {
        var text = text
        text.withUTF8 { write(UnsafeRawBufferPointer($0)) }
    }

    mutating func write(_ buffer: ByteBuffer) {
        buffer.withUnsafeReadableBytes { write($0) }
    }

    /// At most 20 digits.
    mutating func write(decimal value: UInt64) {
        var value = value
        var digits: (UInt64, UInt64, UInt64) = (0, 0, 0)
        withUnsafeMutableBytes(of: &digits) { scratch in
            var index = scratch.count
            repeat {
                index -= 1
                scratch[index] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: value % 10)
                value /= 10
            } while value > 0
            write(UnsafeRawBufferPointer(rebasing: scratch[index...]))
        }
    }
}

extension ByteBuffer {
    /// Appends at most `limit` bytes through a ``RawWriter``.
    mutating func writeRaw(reserving limit: Int, _ body: (inout RawWriter) -> Void) {
        writeWithUnsafeMutableBytes(minimumWritableBytes: limit) { memory in
            guard var writer = RawWriter(memory) else { return 0 }
            body(&writer)
            return writer.written
        }
    }
}
