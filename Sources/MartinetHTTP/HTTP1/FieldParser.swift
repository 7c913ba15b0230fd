import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Reads header lines out of a whole head (RFC 9112 §5).
enum FieldParser {
    /// Reads the lines from `start` up to the empty one, whose end is `end`, into `block`. Offsets in `bytes` are offsets in the
    /// block's wire arena. Returns why not.
    static func parse(
        _ bytes: UnsafeRawBufferPointer, from start: Int, to end: Int, maxFields: Int, into block: inout HeaderBlock
    ) -> HTTP1Refusal? {
        guard let base = bytes.baseAddress else { return .bad("no header section") }
        let table = HeaderIDTable.shared
        var position = start
        let last = end - 2
        while position < last {
            guard let hit = memchr(base + position, 0x0A, end - position) else {
                return .bad("a header line has no end")
            }
            let lineEnd = (UnsafeRawPointer(hit) - base) - 1
            var colon = position
            var alias = false
            while colon < lineEnd {
                let byte = bytes[colon]
                let kind = NameByte(byte)
                if kind == .plain {
                    colon &+= 1
                    continue
                }
                if byte == 0x3A { break }
                guard kind == .odd else { return badName(byte, atStart: colon == position) }
                alias = true
                colon &+= 1
            }
            guard colon < lineEnd else { return .bad("a header line has no colon") }
            guard colon > position else { return .bad("a header line has no name") }
            var from = colon + 1
            var to = lineEnd
            while from < to, bytes[from] == 0x20 || bytes[from] == 0x09 { from += 1 }
            while to > from, bytes[to - 1] == 0x20 || bytes[to - 1] == 0x09 { to -= 1 }
            let value = UnsafeRawBufferPointer(rebasing: bytes[from..<to])
            guard ByteClass.isFieldValue(value) else { return .bad("a header value holds a control character") }
            let name = UnsafeRawBufferPointer(rebasing: bytes[position..<colon])
            if alias, isFramingAlias(name) { return .bad("a header name resembles a framing header") }
            guard block.count < maxFields else {
                return HTTP1Refusal(431, "431 Request Header Fields Too Large", "too many header lines")
            }
            block.append(
                id: table.lookup(name),
                name: ByteRef(offset: position, length: name.count, owned: false),
                value: ByteRef(offset: from, length: value.count, owned: false),
                alias: alias
            )
            position = lineEnd + 2
        }
        return nil
    }

    private static func badName(_ byte: UInt8, atStart: Bool) -> HTTP1Refusal {
        guard byte == 0x20 || byte == 0x09 else { return .bad("a header name holds a character that is not allowed") }
        return atStart
            ? .bad("a folded header line (RFC 9112 5.2)") : .bad("white space before a header's colon (RFC 9112 5.1)")
    }

    /// `Transfer_Encoding`, `Content.Length` and the like: no honest client sends them, and a backend that maps such names onto
    /// the dashed ones would frame the message differently.
    static func isFramingAlias(_ name: UnsafeRawBufferPointer) -> Bool {
        func resembles(_ known: StaticString) -> Bool {
            guard name.count == known.utf8CodeUnitCount else { return false }
            for index in 0..<name.count {
                let byte = name[index]
                let folded = HeaderBlock.isPlainNameByte(byte) ? ASCII.lower(byte) : 0x2D
                if folded != known.bytes[index] { return false }
            }
            return true
        }
        return resembles("transfer-encoding") || resembles("content-length")
    }

    /// The value of Content-Length: plain digits without a leading zero; nil otherwise.
    static func contentLength(_ value: UnsafeRawBufferPointer) -> UInt64? {
        guard value.count > 0, value.count <= 18, value.count == 1 || value[0] != 0x30 else { return nil }
        var number: UInt64 = 0
        for byte in value {
            guard byte &- 0x30 < 10 else { return nil }
            number = number &* 10 &+ UInt64(byte &- 0x30)
        }
        return number
    }
}
