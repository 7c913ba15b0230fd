import CZlib

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Packs a file into one with `.gz` after its name, and removes it.
enum GzipFile {
    /// Returns whether it was done. What was begun stands under a name of its own until it is whole, so that a file ending in
    /// `.gz` can always be unpacked; on failure the original stays.
    @discardableResult
    static func pack(_ path: String) -> Bool {
        let source = open(path, O_RDONLY | O_CLOEXEC)
        guard source >= 0 else { return false }
        defer { close(source) }
        let part = path + ".gz.part"
        guard copy(source, to: part), rename(part, path + ".gz") == 0 else {
            unlink(part)
            return false
        }
        return unlink(path) == 0
    }

    private static func copy(_ source: Int32, to path: String) -> Bool {
        var status = stat()
        guard fstat(source, &status) == 0 else { return false }
        let target = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, status.st_mode & 0o777)
        guard target >= 0 else { return false }
        // From here on the descriptor is zlib's to close.
        guard let packed = gzdopen(target, "wb") else {
            close(target)
            return false
        }
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = read(source, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return gzclose(packed) == Z_OK && count == 0 }
            guard gzwrite(packed, buffer, UInt32(count)) == Int32(count) else {
                gzclose(packed)
                return false
            }
        }
    }
}
