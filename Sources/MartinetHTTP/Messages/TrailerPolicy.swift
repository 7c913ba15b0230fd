/// Which trailer fields are passed on (RFC 9110 §6.5.1). Whoever merges trailers into the header section, and some do, must not
/// learn anything from them that header lines are checked for.
package enum TrailerPolicy: Sendable {
    /// Only names that are known to be harmless. A client could otherwise send late what middlewares erased from its headers,
    /// such as the user that an authentication middleware sets. Traefik passes none.
    case request
    /// All but names that mean something to the receiver's HTTP, security or cache: gRPC metadata can bear any other name.
    case response

    /// Whether a field of that name may pass. Names with `_` or `.` count as their dashed twins.
    package func admits(_ name: UnsafeRawBufferPointer) -> Bool {
        let dashed = HeaderTwins.dashed(name)
        switch self {
        case .request: return Self.digests.contains(dashed)
        case .response:
            if Self.digests.contains(dashed) { return true }
            switch HeaderTwins.dashedID(name) {
            case .other:
                return !Self.refused.contains(dashed) && !Self.refusedPrefixes.contains { dashed.hasPrefix($0) }
            case .grpcStatus, .etag: return true
            default: return false
            }
        }
    }

    /// Removes the lines that may not pass.
    func filter(_ block: inout HeaderBlock) {
        block.removeAll { block, entry in !block.withBytes(entry.name) { admits($0) } }
    }

    /// What is known only once the body is (RFC 9530, RFC 3230, RFC 1864).
    private static let digests: Set<String> = ["content-digest", "repr-digest", "digest", "content-md5"]

    private static let refused: Set<String> = [
        "age", "allow", "alt-svc", "alt-used", "authentication-info", "clear-site-data", "cookie2", "dnt", "early-data",
        "expires", "from", "link", "location", "max-forwards", "negotiate", "origin-agent-cluster", "pragma", "prefer",
        "priority", "public-key-pins", "referrer-policy", "refresh", "remote-user", "report-to", "reporting-endpoints",
        "service-worker-allowed", "set-cookie2", "sourcemap", "timing-allow-origin", "true-client-ip", "uri", "via",
        "warning", "x-frame-options", "x-http-method", "x-http-method-override", "x-method-override",
        "x-xss-protection",
    ]

    private static let refusedPrefixes = [
        "accept", "access-control-", "content-", "cross-origin-", "if-", "permissions-policy", "proxy-", "sec-",
        "strict-transport-", "x-accel-", "x-auth", "x-client-", "x-forwarded", "x-original-", "x-permitted-", "x-real-",
        "x-remote-", "x-rewrite-", "x-robots-", "x-traefik-", "x-user",
    ]
}
