/// Rules and TLS.
package struct CoreOptions: OptionGroup {
    package var defaultRuleSyntax = "v3"
    package var strictTLSOptions = false

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("defaultRuleSyntax", \.defaultRuleSyntax, "v3 or v2.", deprecated: "write rules in v3 syntax"),
        .init("strictTLSOptions", \.strictTLSOptions, "Whether routers that disagree on TLS options are refused."),
    ]
}
