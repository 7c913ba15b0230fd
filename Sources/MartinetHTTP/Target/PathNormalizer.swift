/// Brings a request's path into the one form that is routed, forwarded and logged.
///
/// Escapes of unreserved characters are decoded, hex digits written in capitals (RFC 3986 §6.2.2), backslashes and other characters
/// that no path has escaped; with
/// `sanitize`, doubled slashes and dot segments go too, those written as `%2e` included.
package enum PathNormalizer {
    /// Normalises `head.path`. Returns false when it holds a broken escape. A path that is in order already, nearly every one, is
    /// only looked at.
    package static func normalize(_ head: inout RequestHead, sanitize: Bool) -> Bool {
        guard head.withPath({ !isNormal($0, sanitize: sanitize) }) else { return true }
        return rewrite(&head, sanitize: sanitize)
    }

    /// Whether nothing is to be done. Errs on the side of no.
    private static func isNormal(_ path: UnsafeRawBufferPointer, sanitize: Bool) -> Bool {
        var previous: UInt8 = 0
        for byte in path {
            if byte == 0x25 || ByteClass.unsafeInPath.contains(byte) { return false }
            if previous == 0x2F, byte == 0x2F || byte == 0x2E, sanitize { return false }
            previous = byte
        }
        return true
    }

    @inline(never)
    private static func rewrite(_ head: inout RequestHead, sanitize: Bool) -> Bool {
        let normal: [UInt8]? = head.withPath { path in
            var out: [UInt8] = []
            out.reserveCapacity(path.count + 8)
            var index = 0
            while index < path.count {
                let byte = path[index]
                if byte == 0x25 {
                    guard index + 2 < path.count, let decoded = Percent.decode(path[index + 1], path[index + 2]) else {
                        return nil
                    }
                    append(decoded, to: &out)
                    index += 3
                } else {
                    if ByteClass.unsafeInPath.contains(byte) { append(byte, to: &out) } else { out.append(byte) }
                    index += 1
                }
            }
            return sanitize ? removeDotSegments(out) : out
        }
        guard let normal else { return false }
        head.path = normal.withUnsafeBytes { head.headers.store($0) }
        return true
    }

    private static func append(_ byte: UInt8, to out: inout [UInt8]) {
        if Percent.isUnreserved(byte) {
            out.append(byte)
        } else {
            let digits = Percent.digits.bytes
            out.append(0x25)
            out.append(digits[Int(byte >> 4)])
            out.append(digits[Int(byte & 15)])
        }
    }

    /// RFC 3986 §5.2.4, but as Go's `path.Clean` does it: empty segments go as well, and `/a/.` is `/a`. A final slash stays.
    package static func removeDotSegments(_ path: [UInt8]) -> [UInt8] {
        guard path.first == 0x2F else { return path }
        var out: [UInt8] = []
        out.reserveCapacity(path.count)
        var starts: [Int] = []
        var index = 0
        var endsInSlash = false
        while index < path.count {
            let start = index + 1
            var end = start
            while end < path.count, path[end] != 0x2F { end += 1 }
            let segment = path[start..<end]
            endsInSlash = segment.isEmpty
            if segment.elementsEqual([0x2E, 0x2E]) {
                if let last = starts.popLast() { out.removeSubrange(last...) }
            } else if !segment.isEmpty, !segment.elementsEqual([0x2E]) {
                starts.append(out.count)
                out.append(0x2F)
                out.append(contentsOf: segment)
            }
            index = end
        }
        if endsInSlash || out.isEmpty { out.append(0x2F) }
        return out
    }
}
