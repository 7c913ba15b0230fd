/// An HTTP endpoint.
package struct HTTPProviderOptions: OptionGroup {
    package var endpoint = ""
    package var pollInterval: OptionDuration = .seconds(5)
    package var pollTimeout: OptionDuration = .seconds(5)
    package var headers: [String: String] = [:]
    package var tls: ClientTLSOptions?
    package var maxResponseBodySize = -1

    package init() {}

    package static let fields: [OptionField<Self>] = [
        .init("endpoint", \.endpoint, "URL."),
        .init("pollInterval", \.pollInterval, "Pause between polls."),
        .init("pollTimeout", \.pollTimeout, "Longest a poll may take."),
        .init("headers", \.headers, "Headers sent.", secret: true),
        .init("tls", \.tls, "TLS towards it."),
        .init("maxResponseBodySize", \.maxResponseBodySize, "Largest answer, in bytes; -1: no bound."),
    ]
}
