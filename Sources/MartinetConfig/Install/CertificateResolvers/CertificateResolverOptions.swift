/// Where certificates come from.
package struct CertificateResolverOptions: OptionGroup {
    package var acme: ACMEOptions?
    package var tailscale: TailscaleOptions?

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("acme", \.acme, "An ACME authority."),
        .init("tailscale", \.tailscale, "Tailscale."),
    ]
}
