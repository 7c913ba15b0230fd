/// Several middlewares under one name.
package struct ChainOptions: OptionGroup {
    package var middlewares: [String] = []

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("middlewares", \.middlewares, "Applied in this order.")
    ]
}
