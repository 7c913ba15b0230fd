import MartinetConfig
import MartinetCore

/// Which requests are logged; any condition that holds keeps the line.
struct AccessLogFilter: Sendable {
    struct RangeError: Error, CustomStringConvertible {
        var text: String

        var diagnostic: Diagnostic {
            Diagnostic(
                path: "accessLog.filters.statusCodes", reason: "\"\(text)\" is no status or range",
                remedy: "write 404 or 500-599")
        }

        var description: String { diagnostic.description }
    }

    private var statuses: [ClosedRange<UInt16>] = []
    private var retries = false
    private var minDuration: Int64 = 0

    init(_ options: AccessLogFiltersOptions?) throws(RangeError) {
        guard let options else { return }
        retries = options.retryAttempts
        minDuration = options.minDuration.nanoseconds
        for text in options.statusCodes { statuses.append(try Self.range(text)) }
    }

    /// `404` or `500-599`, blanks around numbers allowed.
    static func range(_ text: String) throws(RangeError) -> ClosedRange<UInt16> {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { end in
            let words = end.split(separator: " ")
            return words.count == 1 ? UInt16(words[0]) : nil
        }
        guard ends.count <= 2, let first = ends.first, let low = first, let last = ends.last, let high = last,
            low <= high
        else { throw RangeError(text: text) }
        return low...high
    }

    func keeps(_ exchange: Exchange, _ figures: ExchangeFigures) -> Bool {
        if statuses.isEmpty, !retries, minDuration <= 0 { return true }
        if statuses.contains(where: { $0.contains(figures.downstreamStatus) }) { return true }
        if retries, exchange.retries > 0 { return true }
        return minDuration > 0 && figures.duration > minDuration
    }
}
