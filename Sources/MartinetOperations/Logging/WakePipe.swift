#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Lets a thread sleep until another one has work for it.
final class WakePipe: Sendable {
    private let reading: Int32
    private let writing: Int32

    /// Nil, with `errno`, when the process has no descriptors left.
    init?() {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        reading = ends[0]
        writing = ends[1]
    }

    deinit {
        close(reading)
        close(writing)
    }

    /// From any thread. A full pipe needs no more bytes to wake its reader.
    func wake() {
        var byte: UInt8 = 1
        _ = write(writing, &byte, 1)
    }

    /// Sleeps until ``wake()`` was called since the last time, or for so many milliseconds; -1: for ever.
    func sleep(milliseconds: Int32) {
        var poller = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
        poll(&poller, 1, milliseconds)
        withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { bytes in
            while read(reading, bytes.baseAddress, bytes.count) > 0 {}
        }
    }
}
