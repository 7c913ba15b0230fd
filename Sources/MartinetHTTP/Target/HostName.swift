package import NIOCore

/// The host part of a Host value, as rules see it.
package enum HostName {
    /// Writes it to `out`: lower case, without port, brackets and trailing dot.
    package static func write(_ host: UnsafeRawBufferPointer, to out: inout ByteBuffer) {
        var start = 0
        var end = host.count
        if host.first == 0x5B, let bracket = host.lastIndex(of: 0x5D) {
            start = 1
            end = bracket
        } else if let colon = host.lastIndex(of: 0x3A), host.firstIndex(of: 0x3A) == colon {
            end = colon
        }
        if end > start, host[end - 1] == 0x2E { end -= 1 }
        out.writeWithUnsafeMutableBytes(minimumWritableBytes: end - start) { memory in
            for index in start..<end { memory[index - start] = ASCII.lower(host[index]) }
            return end - start
        }
    }
}
