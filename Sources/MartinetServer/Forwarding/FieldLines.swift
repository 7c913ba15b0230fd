import MartinetHTTP
import NIOCore

/// Copies header lines to the outgoing head. Lines nobody touched lie one after the other in the bytes that were read, so a run
/// of them is one copy; only lines that were added, or stand next to a removed one, are written by their parts.
enum FieldLines {
    /// Written in the RFC's own letter case, which some WebSocket servers insist on (RFC 6455 §4.2.1).
    private static let webSocket: UInt64 =
        HeaderID.secWebSocketKey.bit | HeaderID.secWebSocketVersion.bit | HeaderID.secWebSocketProtocol.bit
        | HeaderID.secWebSocketExtensions.bit | HeaderID.secWebSocketAccept.bit

    /// Bytes that all lines of `block` take at most.
    static func size(of block: borrowing HeaderBlock) -> Int {
        var total = 0
        for entry in block.entries { total += entry.name.length + entry.value.length + 4 }
        return total
    }

    /// Writes all lines but those whose names are in `mask`.
    static func write(_ block: borrowing HeaderBlock, skipping mask: UInt64, to out: inout RawWriter) {
        block.withArenas { wire, own in
            let entries = block.entries
            var index = 0
            while index < entries.count {
                let entry = entries[index]
                if entry.id.bit & mask != 0 {
                    index += 1
                    continue
                }
                if entry.id.bit & webSocket != 0 {
                    out.write(entry.id.name)
                    out.write(": ")
                    out.write(bytes(entry.value, wire, own))
                    out.write("\r\n")
                    index += 1
                } else if !entry.name.owned, !entry.value.owned, var end = lineEnd(entry, in: wire) {
                    let start = Int(entry.name.offset)
                    index += 1
                    while index < entries.count {
                        let next = entries[index]
                        guard next.id.bit & (mask | webSocket) == 0, !next.name.owned, !next.value.owned,
                            Int(next.name.offset) == end,
                            let nextEnd = lineEnd(next, in: wire)
                        else { break }
                        end = nextEnd
                        index += 1
                    }
                    out.write(UnsafeRawBufferPointer(rebasing: wire[start..<end]))
                } else {
                    out.write(bytes(entry.name, wire, own))
                    out.write(": ")
                    out.write(bytes(entry.value, wire, own))
                    out.write("\r\n")
                    index += 1
                }
            }
        }
    }

    /// Where the line after this one begins, if this line stands as received: name, colon, value, CRLF.
    @inline(__always)
    private static func lineEnd(_ entry: HeaderBlock.Entry, in wire: UnsafeRawBufferPointer) -> Int? {
        let valueEnd = Int(entry.value.offset) + entry.value.length
        let nameEnd = Int(entry.name.offset) + entry.name.length
        // The value must follow its own name: a middleware may have pointed it elsewhere in the same bytes.
        guard valueEnd + 2 <= wire.count, Int(entry.value.offset) - nameEnd == 2, wire[nameEnd] == 0x3A,
            wire[nameEnd + 1] == 0x20, wire[valueEnd] == 0x0D, wire[valueEnd + 1] == 0x0A
        else { return nil }
        return valueEnd + 2
    }

    @inline(__always)
    private static func bytes(
        _ ref: ByteRef, _ wire: UnsafeRawBufferPointer, _ own: UnsafeRawBufferPointer
    ) -> UnsafeRawBufferPointer {
        let arena = ref.owned ? own : wire
        return UnsafeRawBufferPointer(rebasing: arena[Int(ref.offset)..<(Int(ref.offset) + ref.length)])
    }
}
