/// OpenTelemetry over HTTP.
package struct OTLPHTTPOptions: OptionGroup {
    package var endpoint = "https://localhost:4318"
    package var tls: ClientTLSOptions?
    package var headers: [String: String] = [:]

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("endpoint", \.endpoint, "URL."),
        .init("tls", \.tls, "TLS."),
        .init("headers", \.headers, "Headers sent.", secret: true),
    ]
}
