/// Reads whole bodies before passing them on.
package struct BufferingOptions: OptionGroup {
    package var maxRequestBodyBytes = 0
    package var memRequestBodyBytes = 0
    package var maxResponseBodyBytes = 0
    package var memResponseBodyBytes = 0
    package var retryExpression = ""

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("maxRequestBodyBytes", \.maxRequestBodyBytes, "Largest request body; 0: no bound."),
        .init("memRequestBodyBytes", \.memRequestBodyBytes, "Kept in memory up to this (default 1 MiB)."),
        .init("maxResponseBodyBytes", \.maxResponseBodyBytes, "Largest answer; 0: no bound."),
        .init("memResponseBodyBytes", \.memResponseBodyBytes, "Kept in memory up to this (default 1 MiB)."),
        .init("retryExpression", \.retryExpression, "When to try again."),
    ]
}
