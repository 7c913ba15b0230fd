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
