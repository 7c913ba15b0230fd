/// PROXY protocol.
package struct ProxyProtocolOptions: OptionGroup {
    package var insecure = false
    package var trustedIPs: [String] = []

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("insecure", \.insecure, "Whether any peer is believed."),
        .init("trustedIPs", \.trustedIPs, "Peers that are believed."),
    ]
}
