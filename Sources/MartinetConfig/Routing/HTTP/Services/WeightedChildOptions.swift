/// One of them, with its share.
package struct WeightedChildOptions: OptionGroup {
    package var name = ""
    package var weight: Int? = 1

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("name", \.name, "Name of the service."),
        .init("weight", \.weight, "Share of the requests (default 1)."),
    ]
}
