import Glibc

/// A directory of a test's own, removed with everything in it at the end.
final class TemporaryDirectory: Sendable {
    let path: String

    init() {
        var template = Array("/tmp/martinet-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { fatalError("mkdtemp: \(errno)") }
        path = String(cString: made)
    }

    deinit { remove("") }

    func callAsFunction(_ name: String) -> String { path + "/" + name }

    /// Writes in place, as `echo … > name` does.
    func write(_ text: String, to name: String) {
        let descriptor = open(self(name), O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        precondition(descriptor >= 0, "\(name): \(errno)")
        var bytes = Array(text.utf8)
        precondition(Glibc.write(descriptor, &bytes, bytes.count) == bytes.count)
        close(descriptor)
    }

    /// Writes beside and renames, as careful editors do.
    func replace(_ name: String, with text: String) {
        write(text, to: name + ".tmp~")
        rename(self(name + ".tmp~"), self(name))
    }

    func makeDirectory(_ name: String) { mkdir(self(name), 0o755) }
    func link(_ name: String, to target: String) { symlink(target, self(name)) }
    func move(_ name: String, to other: String) { rename(self(name), self(other)) }

    /// Removes a file, a link or a directory with everything in it; the whole directory for an empty name.
    func remove(_ name: String) { Self.removeAll(name.isEmpty ? path : self(name)) }

    private static func removeAll(_ path: String) {
        var status = stat()
        if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR, let stream = opendir(path) {
            while let entry = readdir(stream) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) {
                    $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                if name != "." && name != ".." { removeAll(path + "/" + name) }
            }
            closedir(stream)
        }
        _ = Glibc.remove(path)
    }
}

/// A configuration with one router for each name, whose rule is `Host(RULE)`.
func routers(_ names: String..., rule: String = "a") -> String {
    "http:\n  routers:\n" + names.map { "    \($0):\n      rule: Host(`\(rule)`)\n      service: s\n" }.joined()
}
