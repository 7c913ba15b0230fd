#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A value that is the path of a file or, when there is no such file, the content itself: Traefik's way of giving certificates, keys
/// and authorities.
package enum FileOrContent {
    /// Longest file that is read, in bytes: 200,000 users, or a bundle of all public authorities twenty times.
    static let longestFile = 16 << 20

    /// Reads `value`, and notes the file in `files` so that a change of it can be noticed.
    /// - Throws: ``TLSFailure`` when a file is there but cannot be read, or when `value` can be neither path nor content.
    static func read(_ value: String, noting files: inout WatchedFiles) throws(TLSFailure) -> [UInt8] {
        guard looksLikePath(value) else { return Array(value.utf8) }
        switch contents(of: value) {
        case .bytes(let bytes):
            files.note(value, bytes)
            return bytes
        case .absent:
            files.note(value, nil)
            throw TLSFailure(
                "\(value): no such file", remedy: "correct the path, or give the content itself in PEM form")
        case .noDescriptor:
            // Noted as unreadable: it is looked at again soon, and read then.
            files.note(value, nil)
            throw TLSFailure(
                "\(value): the process has no file descriptor left", remedy: "raise the limit of open files")
        case .unreadable(let reason):
            files.note(value, nil)
            throw TLSFailure("\(value): \(reason)", remedy: "give this process the right to read a regular file there")
        }
    }

    /// How messages call `value`: a path as it is, content never.
    static func label(_ value: String) -> String { looksLikePath(value) ? value : "(content given inline)" }

    /// PEM has line ends and dashes; neither are in sane paths. A NUL would cut the path short for the system.
    private static func looksLikePath(_ value: String) -> Bool {
        !value.isEmpty && value.utf8.count < 4096 && !value.utf8.contains { $0 == 0x0A || $0 == 0x0D || $0 == 0 }
            && !value.hasPrefix("-----BEGIN")
    }

    enum Contents: Equatable {
        case bytes([UInt8])
        case absent
        case unreadable(String)
        /// The process or the machine has no descriptor left to open it with.
        case noDescriptor
    }

    /// Reads a regular file in one go. Blocks: not for event loops.
    static func contents(of path: String) -> Contents {
        // Without O_NONBLOCK, opening a named pipe would wait for a writer for ever.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            let code = errno
            if DescriptorShortage.isMeant(by: code) { return .noDescriptor }
            return code == ENOENT || code == ENOTDIR || code == ENAMETOOLONG
                ? .absent : .unreadable(String(cString: strerror(code)))
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return .unreadable(String(cString: strerror(errno))) }
        guard status.st_mode & S_IFMT == S_IFREG else { return .unreadable("not a regular file") }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let count = chunk.withUnsafeMutableBytes { readRetrying(descriptor, $0) }
            if count < 0 { return .unreadable(String(cString: strerror(errno))) }
            if count == 0 { return .bytes(bytes) }
            bytes += chunk[..<count]
            guard bytes.count <= longestFile else { return .unreadable("longer than \(longestFile) bytes") }
        }
    }

    /// `read`, again when a signal came in between.
    private static func readRetrying(_ descriptor: Int32, _ memory: UnsafeMutableRawBufferPointer) -> Int {
        while true {
            let count = platformRead(descriptor, memory.baseAddress, memory.count)
            if count >= 0 || errno != EINTR { return count }
        }
    }
}

/// The system's `read`, which ``FileOrContent`` hides behind its own.
private func platformRead(_ descriptor: Int32, _ memory: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(descriptor, memory, count)
}
