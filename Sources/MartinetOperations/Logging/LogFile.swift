#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A file lines are appended to, or standard output. Belongs to one thread.
struct LogFile: ~Copyable {
    /// Why a line could not be written.
    struct Failure: Error, Equatable {
        var number: Int32
        var description: String { String(cString: strerror(number)) }
    }

    private let path: String
    private let rotation: LogRotation?
    private let backups: LogBackups
    private var descriptor: Int32
    private var size = 0
    /// Why the file could not be put aside when it should have been. Lines go on into the same file then.
    private(set) var rotationFailure: Failure?

    /// - Parameters:
    ///   - path: empty for standard output, which is never rotated.
    ///   - descriptor: from ``open(_:)``; closed with this value.
    init(path: String, rotation: LogRotation?, descriptor: Int32) {
        self.path = path
        self.rotation = path.isEmpty ? nil : rotation
        self.descriptor = descriptor
        backups = LogBackups(of: path)
        size = Self.size(of: descriptor)
    }

    deinit {
        if descriptor > 2 { close(descriptor) }
    }

    /// Opens the file anew, after it was moved away. On failure the old one stays in use.
    mutating func reopen() throws(Failure) {
        let fresh = try Self.open(path)
        if descriptor > 2 { close(descriptor) }
        descriptor = fresh
        size = Self.size(of: fresh)
    }

    /// Writes whole lines, taking off `lines` what is written, and rotates between two lines where the file would become too
    /// long. Returns whether it rotated.
    mutating func write(_ lines: inout ArraySlice<UInt8>) throws(Failure) -> Bool {
        var rotated = false
        rotationFailure = nil
        while !lines.isEmpty {
            let room = max(0, (rotation?.maxSize ?? .max) - size)
            if lines.count <= room {
                try writeAll(&lines, upTo: lines.endIndex)
            } else if let end = lines.prefix(room).lastIndex(of: UInt8(ascii: "\n")) {
                try writeAll(&lines, upTo: end + 1)
            } else if size > 0 {
                do {
                    try rotate()
                    rotated = true
                } catch {
                    // Tried again when as much again was written.
                    rotationFailure = error
                    size = 0
                }
            } else {
                // A line longer than any file may be gets one of its own.
                let end = lines.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? lines.endIndex
                try writeAll(&lines, upTo: end)
            }
        }
        return rotated
    }

    private mutating func writeAll(_ lines: inout ArraySlice<UInt8>, upTo end: Int) throws(Failure) {
        while lines.startIndex < end {
            let count = lines[..<end].withUnsafeBytes { systemWrite(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                size += count
                lines = lines.dropFirst(count)
            } else if count < 0, errno == EAGAIN {
                // Somebody gave us a pipe that does not block.
                var poller = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&poller, 1, 1000)
            } else if count == 0 || errno != EINTR {
                throw Failure(number: count == 0 ? EIO : errno)
            }
        }
    }

    private mutating func rotate() throws(Failure) {
        var status = stat()
        let mode = fstat(descriptor, &status) == 0 ? status.st_mode & 0o777 : 0o640
        guard backups.putAside(path, at: SystemClock.wallNanoseconds()) || errno == ENOENT else {
            throw Failure(number: errno)
        }
        try reopen()
        fchmod(descriptor, mode)
    }

    static func open(_ path: String) throws(Failure) -> Int32 {
        guard !path.isEmpty else { return 1 }
        let descriptor = systemOpen(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw Failure(number: errno) }
        return descriptor
    }

    private static func size(of descriptor: Int32) -> Int {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return 0 }
        return Int(status.st_size)
    }
}

// The system's functions, under names that methods called `write` and `open` do not hide.

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(descriptor, bytes, count)
}

private func systemOpen(_ path: String, _ flags: Int32, _ mode: mode_t) -> Int32 { open(path, flags, mode) }
