/// Whose X-Forwarded headers are believed.
package struct ForwardedHeadersOptions: OptionGroup {
    package var insecure = false
    package var trustedIPs: [String] = []
    package var connection: [String] = []
    package var notAppendXForwardedFor = false
    package var addXForwardedSchemeHeaders = false

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("insecure", \.insecure, "Anybody's."),
        .init("trustedIPs", \.trustedIPs, "Those of these peers."),
        .init("connection", \.connection, "Headers a client's Connection header may remove."),
        .init("notAppendXForwardedFor", \.notAppendXForwardedFor, "Whether the peer is left out of X-Forwarded-For."),
        .init(
            "addXForwardedSchemeHeaders", \.addXForwardedSchemeHeaders,
            "Whether X-Forwarded-Scheme and X-Scheme are sent, too."
        ),
    ]
}
