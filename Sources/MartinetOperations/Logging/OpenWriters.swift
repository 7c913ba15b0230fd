import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The writers in use. When the process calls `exit`, wherever that may be, what they hold is written first.
enum OpenWriters {
    private static let all = Mutex<[WriterThread]>([])

    private static let drainsAtExit: Bool = atexit { OpenWriters.drain() } == 0

    static func add(_ writer: WriterThread) {
        _ = drainsAtExit
        all.withLock { $0.append(writer) }
    }

    static func remove(_ writer: WriterThread) {
        all.withLock { $0.removeAll { $0 === writer } }
    }

    /// Three seconds for a disk that is slow; a pipe nobody reads would take for ever.
    private static func drain() {
        for writer in all.withLock({ $0 }) { writer.drain(milliseconds: 3000) }
    }
}
