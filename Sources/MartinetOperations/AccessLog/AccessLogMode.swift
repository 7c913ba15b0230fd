/// What becomes of a field, as the options under `accessLog.fields` say.
enum AccessLogMode: UInt8, Sendable {
    case keep
    case drop
    /// Written as `REDACTED`; headers only.
    case redact

    /// `keep`, `drop` or `redact`, spelt exactly so; nil for anything else.
    init?(_ word: String) {
        switch word {
        case "keep": self = .keep
        case "drop": self = .drop
        case "redact": self = .redact
        default: return nil
        }
    }
}
