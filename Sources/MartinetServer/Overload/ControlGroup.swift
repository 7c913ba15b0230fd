#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The control groups of this process (cgroups(7)), by which containers limit memory.
enum ControlGroup {
    private static let root = "/sys/fs/cgroup"

    /// The lowest memory limit of this process's group and of those above it, in bytes; nil if there is none.
    static func memoryLimit() -> Int? {
        guard let groups = text(of: "/proc/self/cgroup") else { return nil }
        return limitFiles(groups).compactMap { text(of: $0).flatMap(bytes) }.min()
    }

    /// Files that may hold a limit, from `/proc/self/cgroup`. Version 2 has the line `0::/path`, version 1 `N:memory:/path`. In a
    /// container the path may be that outside, so the root is always among them.
    static func limitFiles(_ groups: String) -> [String] {
        groups.split(separator: "\n").flatMap { line -> [String] in
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { return [] }
            if parts[0] == "0", parts[1].isEmpty { return ancestors(of: parts[2]).map { root + $0 + "/memory.max" } }
            guard parts[1].split(separator: ",").contains("memory") else { return [] }
            return ancestors(of: parts[2]).map { root + "/memory" + $0 + "/memory.limit_in_bytes" }
        }
    }

    /// `/a/b`, `/a` and the empty root.
    private static func ancestors(of path: Substring) -> [String] {
        var names = path.split(separator: "/")
        // A path out of this namespace says nothing here.
        if names.contains("..") { names = [] }
        return (0...names.count).reversed().map { count in names.prefix(count).map { "/" + $0 }.joined() }
    }

    /// `max` is no limit, and neither is version 1's number near the end of the range.
    static func bytes(_ text: String) -> Int? {
        guard let value = Int(text.prefix { $0.isNumber }), value > 0, value < 1 << 60 else { return nil }
        return value
    }

    private static func text(of path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 8192)
        let count = read(descriptor, &bytes, bytes.count)
        return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
    }
}
