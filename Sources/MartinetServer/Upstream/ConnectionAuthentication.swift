import MartinetCore
import MartinetHTTP

/// NTLM and Negotiate (RFC 4559) authenticate a connection, not a request: what another client sent on it later would be taken for
/// the first one's. Such a client gets connections of its own, as in Traefik.
enum ConnectionAuthentication {
    /// Whether this request or its answer speaks one of them.
    static func takesPart(_ exchange: Exchange) -> Bool {
        if exchange.response.status == 401, names(.wwwAuthenticate, in: exchange.response.headers) { return true }
        return exchange.request.headers.contains(.authorization) && names(.authorization, in: exchange.request.headers)
    }

    private static func names(_ header: HeaderID, in block: borrowing HeaderBlock) -> Bool {
        for entry in block.entries where entry.id == header {
            if block.withBytes(entry.value, { begins($0, with: "negotiate") || begins($0, with: "ntlm") }) {
                return true
            }
        }
        return false
    }

    /// Whatever follows the scheme: the safe reading of what servers and clients send.
    private static func begins(_ value: UnsafeRawBufferPointer, with scheme: StaticString) -> Bool {
        let count = scheme.utf8CodeUnitCount
        return value.count >= count
            && ASCII.equalIgnoringCase(UnsafeRawBufferPointer(rebasing: value[..<count]), scheme)
    }
}
