import MartinetHTTP
import NIOCore

/// Header names in Go's canonical spelling, `X-Forwarded-For`: what Traefik logs, whatever the sender wrote.
enum CanonicalName {
    static func write(_ name: UnsafeRawBufferPointer, to out: inout ByteBuffer) {
        // A name is a token (RFC 9110 §5.6.2): nothing in it needs escaping, and if it were not one it would be escaped.
        guard name.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }) else {
            return out.writeJSONEscaped(name)
        }
        out.writeWithUnsafeMutableBytes(minimumWritableBytes: name.count) { memory in
            var atStart = true
            for index in name.indices {
                let byte = name[index]
                memory[index] = atStart ? ASCII.upper(byte) : ASCII.lower(byte)
                atStart = byte == UInt8(ascii: "-")
            }
            return name.count
        }
    }

    /// Negative, zero or positive as the canonical spelling of `a` comes before, is, or comes after that of `b`.
    static func compare(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Int {
        var atStart = true
        for index in 0..<min(a.count, b.count) {
            let left = atStart ? ASCII.upper(a[index]) : ASCII.lower(a[index])
            let right = atStart ? ASCII.upper(b[index]) : ASCII.lower(b[index])
            if left != right { return Int(left) - Int(right) }
            atStart = left == UInt8(ascii: "-")
        }
        return a.count - b.count
    }
}
