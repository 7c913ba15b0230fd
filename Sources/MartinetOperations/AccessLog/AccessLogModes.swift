import MartinetConfig

/// Which fields a line has: the options under `accessLog.fields`, looked up once when the log is opened.
///
/// As with Traefik, a word that is no mode leaves the default in force; ``AccessLogOptions/problems`` tells of it.
final class AccessLogModes: Sendable {
    /// One bit for each ``AccessLogField`` that is written.
    private let kept: UInt64
    let headers: AccessLogHeaderModes
    /// Whether `RequestPath` has its query.
    let keepsQuery: Bool

    init(_ options: AccessLogFieldsOptions?) {
        let options = options ?? AccessLogFieldsOptions()
        let drops = options.defaultMode == "drop"
        var kept: UInt64 = 0
        for field in AccessLogField.allCases {
            let name = field.name.lowercased()
            var mode = drops ? AccessLogMode.drop : .keep
            for (key, word) in options.names where key.lowercased() == name {
                switch AccessLogMode(word) {
                case .keep: mode = .keep
                case .drop: mode = .drop
                case .redact, nil: break
                }
            }
            if mode == .keep { kept |= 1 << UInt64(field.rawValue) }
        }
        self.kept = kept
        headers = AccessLogHeaderModes(options.headers)
        keepsQuery = options.queryParameters?.defaultMode != "drop"
    }

    func keeps(_ field: AccessLogField) -> Bool { kept & (1 << UInt64(field.rawValue)) != 0 }
}
