import MartinetCore
import MartinetHTTP

/// A path that a middleware has changed may hold dot segments that were not there when it was routed; forwarding it would reach
/// what no router let through (CVE-2026-48020 and its kin).
enum PathSafety {
    static func check(_ exchange: Exchange) -> RequestOutcome {
        guard exchange.request.withPath({ hasDotSegment($0) }) else { return .proceed }
        return exchange.respondWithPlainText(400, "Bad Request")
    }

    /// As ``check(_:)``, and doubled slashes are refused, too: what cleaning would change is not what was asked for. For middlewares
    /// that take parts off a path or make it anew, as in Traefik.
    static func checkClean(_ exchange: Exchange) -> RequestOutcome {
        guard exchange.request.withPath({ hasDotSegment($0) || hasDoubledSlash($0) }) else { return .proceed }
        return exchange.respondWithPlainText(400, "Bad Request")
    }

    private static func hasDoubledSlash(_ path: UnsafeRawBufferPointer) -> Bool {
        var previous: UInt8 = 0
        for byte in path {
            if byte == 0x2F, previous == 0x2F { return true }
            previous = byte
        }
        return false
    }

    /// Whether a segment is `.` or `..`.
    private static func hasDotSegment(_ path: UnsafeRawBufferPointer) -> Bool {
        var start = 0
        while start < path.count {
            var end = start
            while end < path.count, path[end] != 0x2F { end += 1 }
            let length = end - start
            if length == 1 || length == 2, path[start] == 0x2E, path[end - 1] == 0x2E { return true }
            start = end + 1
        }
        return false
    }
}
