/// Bounds requests under way.
package struct InFlightReqOptions: OptionGroup {
    package var amount = 0
    package var sourceCriterion: SourceCriterionOptions?

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("amount", \.amount, "Most at once."),
        .init("sourceCriterion", \.sourceCriterion, "What is counted apart."),
    ]
}
