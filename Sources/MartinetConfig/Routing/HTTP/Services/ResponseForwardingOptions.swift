/// How answers are passed on. Without effect: they are flushed whenever the server pauses.
package struct ResponseForwardingOptions: OptionGroup {
    package var flushInterval: OptionDuration = .milliseconds(100)

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("flushInterval", \.flushInterval, "Longest an answer is held back (default 100ms).")
    ]
}
