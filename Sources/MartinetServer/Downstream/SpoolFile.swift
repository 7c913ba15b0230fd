import NIOCore
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A file without a name in the directory for temporary files (`TMPDIR`, else `/tmp`): it is gone with the process, however that ends.
/// Every method may wait for the disk, and so belongs on a worker thread. Appends come one after the other; reads come behind them,
/// also several at once.
final class SpoolFile: Sendable {
    private let descriptor = Atomic<Int32>(-1)
    private let end = Atomic<Int>(0)

    /// Appends the pieces; false when the disk does not take them.
    func append(_ pieces: [ByteBuffer]) -> Bool {
        var file = descriptor.load(ordering: .relaxed)
        if file < 0 {
            file = Self.open()
            descriptor.store(file, ordering: .relaxed)
        }
        guard file >= 0 else { return false }
        var offset = end.load(ordering: .relaxed)
        for piece in pieces {
            guard piece.withUnsafeReadableBytes({ Self.write($0, to: file, at: offset) }) else { return false }
            offset += piece.readableBytes
        }
        end.store(offset, ordering: .relaxed)
        return true
    }

    /// Nil when not all of it can be read.
    func read(at offset: Int, length: Int) -> ByteBuffer? {
        let file = descriptor.load(ordering: .relaxed)
        guard file >= 0, length > 0 else { return nil }
        var buffer = ByteBufferAllocator().buffer(capacity: length)
        var done = 0
        while done < length {
            let count = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: length - done) { space in
                max(0, pread(file, space.baseAddress, length - done, off_t(offset + done)))
            }
            guard count > 0 else { return nil }
            done += count
        }
        return buffer
    }

    func close() {
        let file = descriptor.exchange(-1, ordering: .relaxed)
        if file >= 0 { closeDescriptor(file) }
    }

    deinit { close() }

    private static func write(_ bytes: UnsafeRawBufferPointer, to file: Int32, at offset: Int) -> Bool {
        var done = 0
        while done < bytes.count {
            let rest = UnsafeRawBufferPointer(rebasing: bytes[done...])
            let count = pwrite(file, rest.baseAddress, rest.count, off_t(offset + done))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            done += count
        }
        return true
    }

    private static func open() -> Int32 {
        let directory = getenv("TMPDIR").map { String(cString: $0) } ?? ""
        var template = Array("\(directory.isEmpty ? "/tmp" : directory)/martinet-XXXXXX".utf8CString)
        let file = mkstemp(&template)
        if file >= 0 {
            unlink(template)
            _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        }
        return file
    }
}

/// `close(2)`, which a method of that name hides.
private func closeDescriptor(_ descriptor: Int32) { _ = close(descriptor) }
