package import NIOCore

/// The path that rules are matched against: escapes decoded, but for those of reserved characters, which would change what the
/// path means (`/a%2Fb` is one segment, not two).
package enum RoutingPath {
    /// Writes the routing path of `path` to `out`; returns false, writing nothing, when it equals `path`.
    package static func write(_ path: UnsafeRawBufferPointer, to out: inout ByteBuffer) -> Bool {
        guard path.contains(0x25) else { return false }
        var index = 0
        while index < path.count {
            let byte = path[index]
            if byte == 0x25, index + 2 < path.count, let decoded = Percent.decode(path[index + 1], path[index + 2]) {
                if Percent.isReserved(decoded) {
                    out.writeBytes(path[index..<(index + 3)])
                } else {
                    out.writeInteger(decoded)
                }
                index += 3
            } else {
                out.writeInteger(byte)
                index += 1
            }
        }
        return true
    }
}
