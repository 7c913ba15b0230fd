import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Writes lines to a file or to standard output on a thread of its own, so that a slow disk or a pipe nobody reads never holds up
/// a request.
///
/// What cannot be written waits and is tried again each second; what waits is bounded, and beyond that lines are dropped and
/// counted. Both are told on standard error, once. At the end of the process, however it comes to `exit`, what waits is written.
final class WriterThread: Sendable {
    struct OpenError: Error, CustomStringConvertible {
        var path: String
        var reason: String
        var description: String {
            "the log file \(path) cannot be opened: \(reason); check the folder and its permissions"
        }
    }

    private struct State {
        var pending: [UInt8] = []
        /// Lines dropped since that was last told.
        var lost = 0
        var reopens = false
        var closes = false
        /// Whether all that was taken is written.
        var isIdle = true
    }

    /// What the thread is to do next.
    private struct Orders {
        var reopens: Bool
        var closes: Bool
        var lost: Int
    }

    /// Most bytes that wait.
    static let limit = 8 << 20

    private let path: String
    private let state = Mutex(State())
    private let housekeeper: LogHousekeeper?
    private let report: @Sendable (String) -> Void
    private let pipe: WakePipe

    /// - Parameters:
    ///   - path: file to append to; empty for standard output.
    ///   - report: told of what goes wrong, on the writer's thread.
    init(
        path: String, rotation: LogRotation? = nil,
        report: @escaping @Sendable (String) -> Void = { StandardError.write("martinet: \($0)") }
    ) throws(OpenError) {
        self.path = path
        self.report = report
        let descriptor: Int32
        do {
            descriptor = try LogFile.open(path)
        } catch {
            throw OpenError(path: path, reason: error.description)
        }
        housekeeper = path.isEmpty ? nil : rotation.map { LogHousekeeper(path: path, rotation: $0) }
        guard let pipe = WakePipe() else { throw OpenError(path: path, reason: String(cString: strerror(errno))) }
        self.pipe = pipe
        guard DetachedThread.start({ [self] in run(LogFile(path: path, rotation: rotation, descriptor: descriptor)) })
        else { throw OpenError(path: path, reason: "the system has no thread for it") }
        OpenWriters.add(self)
        housekeeper?.start()
    }

    // MARK: From any thread

    /// Takes whole lines; never blocks on the file.
    func append(_ lines: UnsafeRawBufferPointer) {
        let isFirst = state.withLock { state in
            guard state.pending.count + lines.count <= Self.limit else {
                state.lost += lines.reduce(0) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
                return false
            }
            let wasEmpty = state.pending.isEmpty
            state.pending.append(contentsOf: lines)
            return wasEmpty
        }
        if isFirst { pipe.wake() }
    }

    /// Opens the file anew, after it was moved away.
    func reopen() {
        state.withLock { $0.reopens = true }
        pipe.wake()
    }

    /// Waits until everything is written, but no longer than so many milliseconds; what is left then is told.
    func drain(milliseconds: Int) {
        let end = SystemClock.uptimeNanoseconds() + Int64(milliseconds) * 1_000_000
        pipe.wake()
        while true {
            let isDone = state.withLock { $0.isIdle && $0.pending.isEmpty }
            if isDone { return }
            guard SystemClock.uptimeNanoseconds() < end else { break }
            // Once in a process's life, at its end: looking again is simpler than a condition, and as fast.
            usleep(1000)
        }
        report("not all lines could be written to \(name) before the end")
    }

    /// Writes what waits and ends the thread.
    func close() {
        state.withLock { $0.closes = true }
        pipe.wake()
        OpenWriters.remove(self)
    }

    private var name: String { path.isEmpty ? "standard output" : "the log file \(path)" }

    // MARK: The thread

    private func run(_ file: consuming LogFile) {
        var file = file
        var lines: ArraySlice<UInt8> = []
        var isFailing = false
        while true {
            pipe.sleep(milliseconds: isFailing ? 1000 : -1)
            while let orders = take(&lines) {
                if orders.reopens { reopen(&file) }
                let failed = !write(&lines, to: &file, isFailing: &isFailing)
                if !failed, orders.lost > 0 {
                    report("\(orders.lost) lines for \(name) were dropped: more than \(Self.limit >> 20) MiB waited")
                }
                if failed {
                    if orders.closes { return report("not all lines could be written to \(name) before the end") }
                    if orders.lost > 0 { state.withLock { $0.lost += orders.lost } }
                    break
                }
            }
            if state.withLock({ $0.closes && $0.pending.isEmpty }) { return }
        }
    }

    /// Takes what waits, unless `lines` still holds some; nil when there is nothing to do.
    private func take(_ lines: inout ArraySlice<UInt8>) -> Orders? {
        state.withLock { state in
            if lines.isEmpty {
                lines = state.pending[...]
                state.pending = []
            }
            state.isIdle = lines.isEmpty
            guard !lines.isEmpty || state.reopens || state.lost > 0 else { return nil }
            defer {
                state.reopens = false
                state.lost = 0
            }
            return Orders(reopens: state.reopens, closes: state.closes, lost: state.lost)
        }
    }

    private func write(_ lines: inout ArraySlice<UInt8>, to file: inout LogFile, isFailing: inout Bool) -> Bool {
        do {
            if try file.write(&lines) { housekeeper?.start() }
        } catch {
            if !isFailing {
                report(
                    "\(name) cannot be written: \(error.description); lines wait until it can, \(Self.limit >> 20) MiB of them"
                )
            }
            isFailing = true
            return false
        }
        if let failure = file.rotationFailure { report("\(name) cannot be rotated: \(failure.description)") }
        if isFailing { report("\(name) is written again") }
        isFailing = false
        return true
    }

    private func reopen(_ file: inout LogFile) {
        do {
            try file.reopen()
        } catch {
            report("\(name) cannot be opened again: \(error.description); lines go on into the one that was moved")
        }
    }
}
