package import Logging
package import MartinetConfig

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The program's log, as the section `log` of the install configuration has it.
package struct LogOutput: Sendable {
    package let logger: Logger

    /// Throws when the log file cannot be opened.
    package static func open(_ options: LogOptions) throws -> LogOutput {
        let rotation = LogRotation(
            megabytes: options.maxSize, backups: options.maxBackups, days: options.maxAge,
            compresses: options.compress)
        let writer = try WriterThread(path: options.filePath, rotation: rotation)
        let colours = !options.noColor && options.filePath.isEmpty && isatty(1) == 1
        let level = level(options.level)
        let isJSON = options.format == "json"
        let logger = Logger(label: "martinet") { _ in
            LineHandler(writer: writer, isJSON: isJSON, colours: colours, logLevel: level)
        }
        return LogOutput(logger: logger)
    }

    /// Traefik's level names; FATAL and PANIC show what ends the process only.
    private static func level(_ name: String) -> Logger.Level {
        switch name.uppercased() {
        case "TRACE": .trace
        case "DEBUG": .debug
        case "INFO": .info
        case "WARN", "WARNING": .warning
        case "FATAL", "PANIC": .critical
        default: .error
        }
    }
}

/// Formats log lines: `2026-11-21T03:04:05Z INF message key=value`, or one JSON object a line.
struct LineHandler: LogHandler {
    let writer: WriterThread
    let isJSON: Bool
    let colours: Bool
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var fields = metadata
        if let more = event.metadata { fields.merge(more) { _, new in new } }
        var line = ""
        if isJSON { json(event, fields, &line) } else { common(event, fields, &line) }
        line += "\n"
        line.withUTF8 { writer.append(UnsafeRawBufferPointer($0)) }
    }

    private func common(_ event: LogEvent, _ fields: Logger.Metadata, _ line: inout String) {
        line += Timestamp.now()
        line += " "
        let (name, colour) = Self.short(event.level)
        line += colours ? "\u{1B}[\(colour)m\(name)\u{1B}[0m" : name
        line += " " + Self.printable("\(event.message)")
        for (key, value) in fields.sorted(by: { $0.key < $1.key }) {
            let text = Self.printable("\(value)")
            line += " \(key)=" + (text.contains(" ") ? "\"\(text)\"" : text)
        }
    }

    private func json(_ event: LogEvent, _ fields: Logger.Metadata, _ line: inout String) {
        var members: [JSONValue.Member] = [.init("level", .string(Self.long(event.level)))]
        for (key, value) in fields.sorted(by: { $0.key < $1.key }) { members.append(.init(key, .string("\(value)"))) }
        members.append(.init("time", .string(Timestamp.now())))
        members.append(.init("message", .string("\(event.message)")))
        JSONValue.object(members).write(to: &line)
    }

    /// Control characters would let whoever names a thing write lines of his own.
    private static func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else { return text }
        return text.unicodeScalars.map {
            $0.value < 0x20 || $0.value == 0x7F ? "\\u{\(String($0.value, radix: 16))}" : String($0)
        }
        .joined()
    }

    private static func short(_ level: Logger.Level) -> (String, Int) {
        switch level {
        case .trace: ("TRC", 35)
        case .debug: ("DBG", 33)
        case .info, .notice: ("INF", 32)
        case .warning: ("WRN", 33)
        case .error: ("ERR", 31)
        case .critical: ("FTL", 31)
        }
    }

    private static func long(_ level: Logger.Level) -> String {
        switch level {
        case .trace: "trace"
        case .debug: "debug"
        case .info, .notice: "info"
        case .warning: "warn"
        case .error: "error"
        case .critical: "fatal"
        }
    }
}

/// RFC 3339 in UTC.
package enum Timestamp {
    package static func now() -> String {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return text(Int64(time.tv_sec))
    }

    package static func text(_ seconds: Int64) -> String {
        var clock = time_t(seconds)
        var parts = tm()
        gmtime_r(&clock, &parts)
        func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
        return
            "\(parts.tm_year + 1900)-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))T\(two(parts.tm_hour)):\(two(parts.tm_min)):\(two(parts.tm_sec))Z"
    }
}
