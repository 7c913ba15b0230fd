/// What requests are told apart by; one of the three.
package struct SourceCriterionOptions: OptionGroup {
    package var ipStrategy: IPStrategyOptions?
    package var requestHeaderName = ""
    package var requestHost = false

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("ipStrategy", \.ipStrategy, "The client's address."),
        .init("requestHeaderName", \.requestHeaderName, "A header.", text: .name),
        .init("requestHost", \.requestHost, "The Host header."),
    ]
}

/// How the client's address is found.
package struct IPStrategyOptions: OptionGroup {
    package var depth = 0
    package var excludedIPs: [String] = []
    package var ipv6Subnet: Int?

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("depth", \.depth, "Which address of X-Forwarded-For, from the right; 0: the peer."),
        .init("excludedIPs", \.excludedIPs, "The first from the right that is none of these."),
        .init("ipv6Subnet", \.ipv6Subnet, "Length of the prefix that counts, for IPv6."),
    ]
}
