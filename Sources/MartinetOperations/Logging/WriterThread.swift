import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Writes lines to a file or to standard output on a thread of its own, so that a slow disk or a pipe nobody reads never holds up
/// a request. What waits is bounded; beyond that, lines are dropped and counted.
final class WriterThread: Sendable {
    private struct State {
        var pending: [UInt8] = []
        var reopen = false
    }

    /// Most bytes that wait.
    private static let limit = 8 << 20

    private let path: String
    private let state = Mutex(State())
    private let dropped = Atomic<Int>(0)
    /// Write end of a pipe that wakes the thread.
    private let wake: Int32

    struct OpenError: Error, CustomStringConvertible {
        var path: String
        var reason: String
        var description: String {
            "the log file \(path) cannot be opened: \(reason); check the folder and its permissions"
        }
    }

    /// `path`: file to append to; empty for standard output. Throws ``OpenError``.
    init(path: String) throws(OpenError) {
        self.path = path
        let descriptor = try Self.open(path)
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { throw OpenError(path: path, reason: String(cString: strerror(errno))) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(ends[1], F_SETFL, O_NONBLOCK)
        wake = ends[1]
        let start = Start(writer: self, wake: ends[0], descriptor: descriptor)
        var thread = pthread_t()
        let argument = Unmanaged.passRetained(start).toOpaque()
        pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, argument)
        pthread_detach(thread)
    }

    /// Takes whole lines. From any thread; never blocks on the sink.
    func write(_ bytes: some Sequence<UInt8>) {
        let isFirst = state.withLock { state in
            guard state.pending.count < Self.limit else {
                dropped.add(1, ordering: .relaxed)
                return false
            }
            let wasEmpty = state.pending.isEmpty
            state.pending.append(contentsOf: bytes)
            return wasEmpty
        }
        if isFirst { wakeUp() }
    }

    /// Opens the file anew, after it was moved away.
    func reopen() {
        state.withLock { $0.reopen = true }
        wakeUp()
    }

    /// Lines lost so far because the sink was too slow.
    var droppedCount: Int { dropped.load(ordering: .relaxed) }

    private func wakeUp() {
        var byte: UInt8 = 1
        _ = Glibc.write(wake, &byte, 1)
    }

    private static func open(_ path: String) throws(OpenError) -> Int32 {
        guard !path.isEmpty else { return 1 }
        let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw OpenError(path: path, reason: String(cString: strerror(errno))) }
        return descriptor
    }

    private final class Start: Sendable {
        let writer: WriterThread
        let wake: Int32
        let descriptor: Int32

        init(writer: WriterThread, wake: Int32, descriptor: Int32) {
            self.writer = writer
            self.wake = wake
            self.descriptor = descriptor
        }

        func run() {
            var descriptor = self.descriptor
            var buffer = [UInt8](repeating: 0, count: 256)
            while read(wake, &buffer, buffer.count) > 0 {
                let (bytes, reopen) = writer.state.withLock { state in
                    defer { state = State() }
                    return (state.pending, state.reopen)
                }
                if reopen, let fresh = try? WriterThread.open(writer.path), fresh != descriptor {
                    if descriptor > 2 { close(descriptor) }
                    descriptor = fresh
                }
                var rest = bytes[...]
                while !rest.isEmpty {
                    let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
                    if count <= 0 {
                        if count < 0, errno == EINTR { continue }
                        break
                    }
                    rest = rest.dropFirst(count)
                }
            }
        }
    }
}
