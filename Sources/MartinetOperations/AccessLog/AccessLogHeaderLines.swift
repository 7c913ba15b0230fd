import MartinetCore
import MartinetHTTP
import NIOCore

/// Header lines of a JSON line: chosen by their modes, sorted by canonical name, lines of one name joined by commas.
///
/// One an event loop, so that the memory for sorting is used again.
struct AccessLogHeaderLines {
    private struct Chosen {
        var index: Int
        var mode: AccessLogMode
    }

    private var chosen: [Chosen] = []

    /// Names that are no part of the logged message, as masks of ``HeaderID/bit``.
    static func skipped(of exchange: Exchange) -> (request: UInt64, response: UInt64) {
        var request = HeaderID.host.bit | HeaderID.transferEncoding.bit
        if !exchange.request.wantsUpgrade { request |= HeaderID.connection.bit }
        var response =
            HeaderID.transferEncoding.bit | HeaderID.keepAlive.bit | HeaderID.proxyConnection.bit
            | HeaderID.proxyAuthenticate.bit | HeaderID.proxyAuthorization.bit | HeaderID.te.bit
        if exchange.response.status != 101 { response |= HeaderID.connection.bit | HeaderID.upgrade.bit }
        // A transform changes the length; the server's announcement is not what the client was told.
        if !exchange.responseTransforms.isEmpty { response |= HeaderID.contentLength.bit }
        return (request, response)
    }

    mutating func select(from block: borrowing HeaderBlock, _ modes: AccessLogHeaderModes, skipping mask: UInt64) {
        chosen.removeAll(keepingCapacity: true)
        let count = block.count
        for index in 0..<count {
            let entry = block.entries[index]
            guard entry.id.bit & mask == 0 else { continue }
            let mode = block.withBytes(entry.name) { modes.mode(of: entry.id, $0) }
            if mode != .drop { chosen.append(Chosen(index: index, mode: mode)) }
        }
        guard chosen.count > 1 else { return }
        block.withArenas { wire, own in
            let entries = block.entries
            func name(_ line: Chosen) -> UnsafeRawBufferPointer { Self.bytes(entries[line.index].name, wire, own) }
            chosen.sort { a, b in
                switch CanonicalName.compare(name(a), name(b)) {
                case 0: a.index < b.index
                case let order: order < 0
                }
            }
        }
    }

    /// Writes what was selected from the same block, each member with the comma that follows it.
    func write(_ block: borrowing HeaderBlock, prefix: StaticString, to out: inout ByteBuffer) {
        guard !chosen.isEmpty else { return }
        block.withArenas { wire, own in
            let entries = block.entries
            var next = 0
            while next < chosen.count {
                let first = chosen[next]
                let entry = entries[first.index]
                let name = Self.bytes(entry.name, wire, own)
                out.writeStaticString("\"")
                out.writeStaticString(prefix)
                CanonicalName.write(name, to: &out)
                out.writeStaticString("\":\"")
                if first.mode == .redact {
                    out.writeStaticString("REDACTED")
                } else {
                    out.writeJSONEscaped(Self.bytes(entry.value, wire, own))
                }
                next += 1
                while next < chosen.count {
                    let line = entries[chosen[next].index]
                    guard CanonicalName.compare(name, Self.bytes(line.name, wire, own)) == 0 else { break }
                    if first.mode == .keep {
                        // The proxy writes this one as a single line.
                        out.writeStaticString(entry.id == .xForwardedFor ? ", " : ",")
                        out.writeJSONEscaped(Self.bytes(line.value, wire, own))
                    }
                    next += 1
                }
                out.writeStaticString("\",")
            }
        }
    }

    private static func bytes(
        _ ref: ByteRef, _ wire: UnsafeRawBufferPointer, _ own: UnsafeRawBufferPointer
    ) -> UnsafeRawBufferPointer {
        let arena = ref.owned ? own : wire
        return UnsafeRawBufferPointer(rebasing: arena[Int(ref.offset)..<(Int(ref.offset) + ref.length)])
    }
}
