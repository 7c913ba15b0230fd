import Glibc
import MartinetConfig

/// Reads a configuration file, bounded in size.
enum FileReader {
    /// Largest file read, in bytes.
    static let sizeLimit = 64 << 20

    /// Content and identity belong to each other: the identity is taken of the opened file.
    struct Content {
        var bytes: [UInt8]
        var identity: FileIdentity
    }

    static func read(_ path: String, sizeLimit: Int = sizeLimit) throws(DocumentError) -> Content {
        // Non-blocking: a named pipe called `x.yml` must not hang the provider.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw failure(path, SystemError(call: "open")) }
        defer { close(descriptor) }

        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(path, SystemError(call: "fstat")) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw DocumentError(
                position: SourcePosition(file: path),
                reason: "is not a regular file",
                remedy: status.st_mode & S_IFMT == S_IFDIR ? "use providers.file.directory for a directory" : nil
            )
        }
        guard status.st_size <= sizeLimit else { throw tooLarge(path, sizeLimit) }

        var bytes: [UInt8] = []
        let identity = FileIdentity(status)
        // One byte more than expected: a file that grows while it is read is seen to.
        var capacity = Int(status.st_size) + 1
        while true {
            var outcome = 0
            let start = bytes.count
            bytes.append(
                contentsOf: [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
                    repeat {
                        outcome = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
                    } while outcome < 0 && errno == EINTR
                    count = max(0, outcome)
                })
            if outcome < 0 { throw failure(path, SystemError(call: "read")) }
            if outcome == 0 { return Content(bytes: bytes, identity: identity) }
            guard bytes.count <= sizeLimit else { throw tooLarge(path, sizeLimit) }
            capacity = max(4096, capacity - (bytes.count - start))
        }
    }

    private static func tooLarge(_ path: String, _ limit: Int) -> DocumentError {
        DocumentError(
            position: SourcePosition(file: path),
            reason: "is larger than \(limit >> 20) MiB and is not read",
            remedy: "split it into several files of a directory"
        )
    }

    static func failure(_ path: String, _ error: SystemError) -> DocumentError {
        let remedy: String? =
            switch error.code {
            case ENOENT: "create it, or correct the path; it is read as soon as it exists"
            case EACCES, EPERM: "let the user this process runs as read it"
            case ELOOP: "its symbolic links form a loop"
            default: nil
            }
        return DocumentError(position: SourcePosition(file: path), reason: error.reason, remedy: remedy)
    }
}
