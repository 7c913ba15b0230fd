package import MartinetConfig
package import MartinetCore
import NIOCore
import Synchronization

/// The access log, as the section `accessLog` of the install configuration has it: one writer, one sink an event loop.
package final class AccessLogOutput: Sendable {
    private let writer: WriterThread
    private let filter: AccessLogFilter
    private let format: AccessLogFormat
    private let modes: AccessLogModes
    /// Requests so far. Shared by all loops, so that each line has a number of its own.
    private let count = Atomic<UInt64>(0)

    private static let opened = Mutex<[AccessLogOutput]>([])

    /// Throws when the file cannot be opened, or a filter is no status range.
    package static func open(_ options: AccessLogOptions) throws -> AccessLogOutput {
        let filter = try AccessLogFilter(options.filters)
        let output = AccessLogOutput(
            writer: try WriterThread(path: options.filePath), filter: filter,
            format: AccessLogFormat(rawValue: options.format) ?? .common, modes: AccessLogModes(options.fields))
        opened.withLock { $0.append(output) }
        return output
    }

    /// After log rotation (SIGUSR1).
    package static func reopenAll() {
        for output in opened.withLock({ $0 }) { output.writer.reopen() }
    }

    private init(writer: WriterThread, filter: AccessLogFilter, format: AccessLogFormat, modes: AccessLogModes) {
        self.writer = writer
        self.filter = filter
        self.format = format
        self.modes = modes
    }

    /// Waits until the lines handed over so far are written, for a second at most.
    func drain() { writer.drain(milliseconds: 1000) }

    package func makeSink() -> any AccessLogSink { Sink(self) }

    /// Gathers the lines of one event loop and hands them on once a tick.
    private final class Sink: AccessLogSink {
        private let output: AccessLogOutput
        private var lines = ByteBuffer()
        private var clock = AccessLogClock()
        private var headers = AccessLogHeaderLines()

        init(_ output: AccessLogOutput) { self.output = output }

        func record(_ exchange: Exchange, _ figures: ExchangeFigures) {
            let number = output.count.add(1, ordering: .relaxed).newValue
            guard output.filter.keeps(exchange, figures) else { return }
            let line = AccessLogLine(exchange: exchange, figures: figures, number: number, modes: output.modes)
            switch output.format {
            case .common: line.writeCommon(generic: false, clock: &clock, to: &lines)
            case .genericCLF: line.writeCommon(generic: true, clock: &clock, to: &lines)
            case .json: line.writeJSON(clock: &clock, headers: &headers, to: &lines)
            }
        }

        func flush() {
            guard lines.readableBytes > 0 else { return }
            lines.withUnsafeReadableBytes { output.writer.append($0) }
            if lines.capacity > 1 << 20 { lines = ByteBuffer() } else { lines.clear() }
        }
    }
}
