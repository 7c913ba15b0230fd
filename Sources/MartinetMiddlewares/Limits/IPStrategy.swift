import MartinetConfig
import MartinetCore
import MartinetHTTP

/// How a request's address is found (Traefik's `ipStrategy`): the peer, or one that `X-Forwarded-For` names.
///
/// Several lines of that header count as one list, the last line last: what a trusted proxy appended stands at the end, whatever the
/// client sent before it.
struct IPStrategy: Sendable {
    private enum Place: Sendable {
        case peer
        /// Counted from the right, from 1.
        case depth(Int)
        /// The first from the right that is none of these.
        case excluding(IPRangeSet)
    }

    private let place: Place
    /// Length of the prefix of IPv6 addresses that counts, in bits; nil: all of it.
    private let subnet: Int?

    /// Throws on a subnet that is none or an excluded address that cannot be read. `option` is the path of the option.
    init(_ options: IPStrategyOptions?, option: String) throws(MiddlewareError) {
        if let subnet = options?.ipv6Subnet, !(1...128).contains(subnet) {
            throw MiddlewareError(
                "\(option).ipv6Subnet: invalid IPv6 subnet \(subnet)", remedy: "give a length from 1 to 128")
        }
        subnet = options?.ipv6Subnet
        if let depth = options?.depth, depth > 0 {
            place = .depth(depth)
        } else if let excluded = options?.excludedIPs, !excluded.isEmpty {
            place = .excluding(try IPRangeSet.of(excluded, option: "\(option).excludedIPs"))
        } else {
            place = .peer
        }
    }

    /// The address, nil when there is none or what stands in its place is no address. A port behind it is ignored.
    func address(_ exchange: Exchange) -> IPAddress? {
        guard case .peer = place else {
            return withText(exchange) { text in IPAddress(withOptionalPort: text).map(masked) }
        }
        return masked(exchange.connection.peer)
    }

    /// A number that stands for the address when requests are counted by it. What is no address counts as the text it is, nothing as
    /// an empty one.
    func key(_ exchange: Exchange) -> UInt64 {
        if case .peer = place { return SourceKey.make(masked(exchange.connection.peer)) }
        return withText(exchange) { text in
            if subnet != nil, let address = IPAddress(text), !address.isIPv4 { return SourceKey.make(masked(address)) }
            return SourceKey.make(text)
        }
    }

    /// The address in words, as far as it is one; else the text that stands in its place.
    func text(_ exchange: Exchange) -> [UInt8] {
        if case .peer = place { return Array(masked(exchange.connection.peer).description.utf8) }
        return withText(exchange) { text in
            if subnet != nil, let address = IPAddress(text), !address.isIPv4 {
                return Array(masked(address).description.utf8)
            }
            return Array(text)
        }
    }

    private func masked(_ address: IPAddress) -> IPAddress {
        guard let subnet, !address.isIPv4 else { return address }
        return address.masked(to: subnet)
    }

    /// Lends the item of `X-Forwarded-For` that counts; empty when there is none.
    private func withText<Result>(_ exchange: Exchange, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        withText(exchange.request.headers, body)
    }

    private func withText<Result>(
        _ headers: borrowing HeaderBlock, _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
        guard headers.contains(.xForwardedFor) else { return body(UnsafeRawBufferPointer(start: nil, count: 0)) }
        var left = 0
        if case .depth(let depth) = place { left = depth }
        for index in headers.entries.indices.reversed() where headers.entries[index].id == .xForwardedFor {
            let found: Result? = headers.withBytes(headers.entries[index].value) { line in
                var end = line.count
                while end >= 0 {
                    var start = end
                    while start > 0, line[start - 1] != UInt8(ascii: ",") { start -= 1 }
                    let item = ASCII.trim(UnsafeRawBufferPointer(rebasing: line[start..<end]))
                    if takes(item, &left) { return body(item) }
                    end = start - 1
                }
                return nil
            }
            if let found { return found }
        }
        return body(UnsafeRawBufferPointer(start: nil, count: 0))
    }

    /// Whether this item, the next one from the right, is the one that counts. `left`: items to go, this one included.
    private func takes(_ item: UnsafeRawBufferPointer, _ left: inout Int) -> Bool {
        switch place {
        case .peer: return false
        case .depth:
            left -= 1
            return left == 0
        case .excluding(let ranges):
            guard !item.isEmpty else { return false }
            guard let address = IPAddress(item) else { return true }
            return !ranges.contains(address)
        }
    }
}
