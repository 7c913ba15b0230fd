/// Tailscale.
package struct TailscaleOptions: OptionGroup {

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = []
}
