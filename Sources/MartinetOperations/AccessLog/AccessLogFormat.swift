/// The shape of a line.
enum AccessLogFormat: String, CaseIterable, Sendable {
    case common, genericCLF, json
}
