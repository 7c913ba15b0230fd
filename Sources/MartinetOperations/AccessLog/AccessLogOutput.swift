package import MartinetConfig
package import MartinetCore
import NIOCore
import Synchronization

/// The access log, as the section `accessLog` of the install configuration has it: one writer, one sink an event loop.
package final class AccessLogOutput: Sendable {
    private let writer: WriterThread
    private let filter: AccessLogFilter
    private let isGeneric: Bool

    private static let opened = Mutex<[AccessLogOutput]>([])

    /// Throws when the file cannot be opened, or a filter is no status range.
    package static func open(_ options: AccessLogOptions) throws -> AccessLogOutput {
        let output = AccessLogOutput(
            writer: try WriterThread(path: options.filePath), filter: try AccessLogFilter(options.filters),
            isGeneric: options.format == "genericCLF")
        opened.withLock { $0.append(output) }
        return output
    }

    /// After log rotation (SIGUSR1).
    package static func reopenAll() {
        for output in opened.withLock({ $0 }) { output.writer.reopen() }
    }

    private init(writer: WriterThread, filter: AccessLogFilter, isGeneric: Bool) {
        self.writer = writer
        self.filter = filter
        self.isGeneric = isGeneric
    }

    package func makeSink() -> any AccessLogSink { Sink(self) }

    /// Gathers the lines of one event loop and hands them on once a tick.
    private final class Sink: AccessLogSink {
        private let output: AccessLogOutput
        private var lines = ByteBuffer()
        private var dates = AccessLogDates()

        init(_ output: AccessLogOutput) { self.output = output }

        func record(_ exchange: Exchange, _ figures: ExchangeFigures) {
            guard output.filter.keeps(exchange, figures) else { return }
            AccessLogLine.write(exchange, figures, generic: output.isGeneric, dates: &dates, to: &lines)
        }

        func flush() {
            guard lines.readableBytes > 0 else { return }
            lines.withUnsafeReadableBytes { output.writer.append($0) }
            if lines.capacity > 1 << 20 { lines = ByteBuffer() } else { lines.clear() }
        }
    }
}

/// Which requests are logged; any condition that holds keeps the line.
struct AccessLogFilter: Sendable {
    struct RangeError: Error, CustomStringConvertible {
        var text: String
        var description: String {
            "accessLog.filters.statusCodes: \"\(text)\" is no status or range; write 404 or 500-599"
        }
    }

    private var statuses: [ClosedRange<UInt16>] = []
    private var retries = false
    private var minDuration: Int64 = 0

    init(_ options: AccessLogFiltersOptions?) throws(RangeError) {
        guard let options else { return }
        retries = options.retryAttempts
        minDuration = options.minDuration.nanoseconds
        for text in options.statusCodes {
            let ends = text.split(separator: "-").map { UInt16($0) }
            guard let first = ends.first, let low = first, let last = ends.last, let high = last, low <= high,
                ends.count <= 2
            else { throw RangeError(text: text) }
            statuses.append(low...high)
        }
    }

    func keeps(_ exchange: Exchange, _ figures: ExchangeFigures) -> Bool {
        if statuses.isEmpty, !retries, minDuration <= 0 { return true }
        if statuses.contains(where: { $0.contains(figures.downstreamStatus) }) { return true }
        if retries, exchange.retries > 0 { return true }
        return minDuration > 0 && figures.duration > minDuration
    }
}
