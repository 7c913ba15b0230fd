package import NIOCore

/// Pieces of HTTP/1 framing, appended to a buffer.
package enum HTTP1Writer {
    /// A chunk's size line; `length` is over 0.
    package static func writeChunkHeader(_ length: Int, to out: inout ByteBuffer) {
        out.writeWithUnsafeMutableBytes(minimumWritableBytes: 18) { memory in
            var value = UInt64(length)
            var digits = max(1, (67 - value.leadingZeroBitCount) / 4)
            let count = digits
            while digits > 0 {
                digits -= 1
                let nibble = UInt8(truncatingIfNeeded: value & 15)
                memory[digits] = nibble < 10 ? 0x30 &+ nibble : 0x57 &+ nibble
                value >>= 4
            }
            memory[count] = 0x0D
            memory[count + 1] = 0x0A
            return count + 2
        }
    }

    /// The end of a chunked body, with its trailer lines if there are any.
    package static func writeLastChunk(trailers: TrailerSection?, to out: inout ByteBuffer) {
        out.writeStaticString("0\r\n")
        if let trailers {
            for entry in trailers.fields.entries {
                trailers.fields.write(entry.name, to: &out)
                out.writeStaticString(": ")
                trailers.fields.write(entry.value, to: &out)
                out.writeStaticString("\r\n")
            }
        }
        out.writeStaticString("\r\n")
    }
}
