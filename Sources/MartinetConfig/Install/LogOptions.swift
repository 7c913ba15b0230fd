/// The log.
package struct LogOptions: OptionGroup {
    package var level = "ERROR"
    package var format = "common"
    package var noColor = false
    package var filePath = ""
    package var maxSize = 0
    package var maxAge = 0
    package var maxBackups = 0
    package var compress = false
    package var otlp: LogOTLPOptions?

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("level", \.level, "TRACE, DEBUG, INFO, WARN, ERROR, FATAL or PANIC."),
        .init("format", \.format, "common or json."),
        .init("noColor", \.noColor, "Whether colours are off."),
        .init("filePath", \.filePath, "File; empty: standard output."),
        .init("maxSize", \.maxSize, "Megabytes after which the file is rotated; 0: 100."),
        .init("maxAge", \.maxAge, "Days old files are kept; 0: for ever."),
        .init("maxBackups", \.maxBackups, "Old files kept; 0: all."),
        .init("compress", \.compress, "Whether old files are compressed."),
        .init("otlp", \.otlp, "OpenTelemetry."),
    ]
}

/// OpenTelemetry of a log.
package struct LogOTLPOptions: OptionGroup {
    package var serviceName = "traefik"
    package var resourceAttributes: [String: String] = [:]
    package var grpc: OTLPGRPCOptions?
    package var http: OTLPHTTPOptions?

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("serviceName", \.serviceName, "Service name."),
        .init("resourceAttributes", \.resourceAttributes, "Attributes."),
        .init("grpc", \.grpc, "Over gRPC."),
        .init("http", \.http, "Over HTTP."),
    ]
}

/// OpenTelemetry over gRPC.
package struct OTLPGRPCOptions: OptionGroup {
    package var endpoint = "localhost:4317"
    package var insecure = false
    package var tls: ClientTLSOptions?
    package var headers: [String: String] = [:]

    package init() {}
    package static let allowsEmpty = true

    package static let fields: [OptionField<Self>] = [
        .init("endpoint", \.endpoint, "host:port."),
        .init("insecure", \.insecure, "Without TLS."),
        .init("tls", \.tls, "TLS."),
        .init("headers", \.headers, "Headers sent.", secret: true),
    ]
}

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
