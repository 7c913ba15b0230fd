import MartinetCore
import MartinetHTTP

/// A path that a middleware has changed may hold dot segments that were not there when it was routed; forwarding it would reach
/// what no router let through (CVE-2026-48020 and its kin).
enum PathSafety {
    static func check(_ exchange: Exchange) -> RequestOutcome {
        guard exchange.request.withPath({ isUnsafe($0, doubledSlashes: false) }) else { return .proceed }
        return exchange.respondWithPlainText(400, "Bad Request")
    }

    /// As ``check(_:)``, and doubled slashes are refused, too: what cleaning would change is not what was asked for. For middlewares
    /// that take parts off a path or make it anew, as in Traefik.
    static func checkClean(_ exchange: Exchange) -> RequestOutcome {
        guard exchange.request.withPath({ isUnsafe($0, doubledSlashes: true) }) else { return .proceed }
        return exchange.respondWithPlainText(400, "Bad Request")
    }

    /// Whether a segment is `.` or `..`, or, with `doubledSlashes`, empty and not the last one.
    private static func isUnsafe(_ path: UnsafeRawBufferPointer, doubledSlashes: Bool) -> Bool {
        var atStart = true
        var index = 0
        while index < path.count {
            let byte = path[index]
            if byte == 0x2F {
                if doubledSlashes, atStart, index > 0 { return true }
                atStart = true
            } else {
                if atStart, byte == 0x2E, isDotSegment(path, from: index, strictly: doubledSlashes) { return true }
                atStart = false
            }
            index &+= 1
        }
        return false
    }

    /// `start`: of a segment that begins with a dot. `strictly`: an escaped slash ends it, too, since many a server takes it for one.
    private static func isDotSegment(_ path: UnsafeRawBufferPointer, from start: Int, strictly: Bool) -> Bool {
        var end = start + 1
        if end < path.count, path[end] == 0x2E { end += 1 }
        if end == path.count || path[end] == 0x2F { return true }
        guard strictly, path[end] == 0x25, end + 2 < path.count else { return false }
        return Percent.decode(path[end + 1], path[end + 2]) == 0x2F
    }
}
