import Glibc

/// Lets any thread wake one that blocks in poll(2).
///
/// The pipe is closed when neither the reader nor a sender holds it any longer, so a late signal cannot hit a descriptor
/// that has been given to someone else meanwhile.
final class WakePipe: Sendable {
    enum Signal: UInt8 {
        case reload = 1
        case stop = 2
    }

    let readEnd: Int32
    private let writeEnd: Int32

    init() throws(SystemError) {
        var ends: [Int32] = [-1, -1]
        // pipe2 is a GNU extension that Swift's Glibc module does not show.
        guard pipe(&ends) == 0 else { throw SystemError(call: "pipe") }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        readEnd = ends[0]
        writeEnd = ends[1]
    }

    deinit {
        close(readEnd)
        close(writeEnd)
    }

    func send(_ signal: Signal) {
        var byte = signal.rawValue
        // Fails only when the pipe is full, and then the reader has been woken 65,536 times already.
        _ = write(writeEnd, &byte, 1)
    }

    /// Signals sent since the last call. To be called by the reader.
    func drain() -> Set<Signal> {
        var signals: Set<Signal> = []
        var bytes: [UInt8] = Array(repeating: 0, count: 64)
        while true {
            let count = read(readEnd, &bytes, bytes.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return signals }
            signals.formUnion(bytes[..<count].compactMap(Signal.init))
        }
    }

    /// Blocks until a signal arrives, for a reader with nothing else to wait for.
    ///
    /// - Parameter limit: milliseconds after which to look again without any signal; negative for ever.
    func wait(atMost limit: Int32 = -1) -> DirectoryWatcher.Wake {
        while true {
            var descriptor = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
            guard poll(&descriptor, 1, limit) != 0 || limit < 0 else { return .changed }
            if let wake = DirectoryWatcher.Wake(drain()) { return wake }
        }
    }
}
