/// Admits these addresses only.
package struct IPAllowListOptions: OptionGroup {
    package var sourceRange: [String] = []
    package var ipStrategy: IPStrategyOptions?
    package var rejectStatusCode = 0

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("sourceRange", \.sourceRange, "Addresses and networks."),
        .init("ipStrategy", \.ipStrategy, "How the client's address is found."),
        .init("rejectStatusCode", \.rejectStatusCode, "Status for others (default 403)."),
    ]
}

/// The former name of ipAllowList.
package struct IPWhiteListOptions: OptionGroup {
    package var sourceRange: [String] = []
    package var ipStrategy: IPStrategyOptions?

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("sourceRange", \.sourceRange, "Addresses and networks."),
        .init("ipStrategy", \.ipStrategy, "How the client's address is found."),
    ]
}
