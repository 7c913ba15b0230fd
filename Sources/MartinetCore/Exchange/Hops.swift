package import MartinetHTTP

/// Guards against requests that the proxy sends to itself for ever (CVE-2023-47633).
///
/// Only servers that are the proxy's own entry points get the header `X-Martinet-Hops`, so nobody else sees it and other
/// requests cost nothing. Going through oneself a few times is a legitimate way to share middlewares; a client that sends the
/// header shortens its own way only.
package enum Hops {
    /// Times a request may go through the proxy again after the first.
    package static let most = 10

    /// How often the request went through the proxy before. A value we would not have written counts as too often.
    package static func taken(_ headers: borrowing HeaderBlock) -> Int {
        guard let value = headers.first(.xMartinetHops) else { return 0 }
        return headers.withBytes(value) { digits in
            guard (1...2).contains(digits.count) else { return most }
            var number = 0
            for digit in digits {
                guard digit &- 0x30 < 10 else { return most }
                number = number * 10 + Int(digit &- 0x30)
            }
            return min(number, most)
        }
    }
}

extension Exchange {
    /// Whether sending the request to `server` would be one time too many; the answer is 508 then.
    package func loops(through server: UpstreamServer) -> Bool {
        server.isOwnEntryPoint && Hops.taken(request.headers) >= Hops.most
    }
}
