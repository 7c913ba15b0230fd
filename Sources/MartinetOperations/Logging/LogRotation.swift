/// When a log file is put aside and what becomes of those put aside, as Traefik's `log` section says it.
struct LogRotation: Sendable, Equatable {
    /// Greatest size of the file, in bytes.
    var maxSize: Int
    /// Most files kept beside it; 0 keeps any number.
    var maxBackups: Int
    /// Nanoseconds after which a file put aside is removed; 0 keeps it for ever.
    var maxAge: Int64
    /// Whether files put aside are packed with gzip.
    var compresses: Bool

    /// - Parameters:
    ///   - megabytes: 0 or less stands for 100, as in Traefik.
    ///   - days: 0 or less keeps files for ever.
    init(megabytes: Int, backups: Int, days: Int, compresses: Bool) {
        let size = (megabytes > 0 ? megabytes : 100).multipliedReportingOverflow(by: 1 << 20)
        maxSize = size.overflow ? .max : size.partialValue
        maxBackups = max(0, backups)
        let age = Int64(clamping: max(0, days)).multipliedReportingOverflow(by: 86_400_000_000_000)
        maxAge = age.overflow ? 0 : age.partialValue
        self.compresses = compresses
    }
}
