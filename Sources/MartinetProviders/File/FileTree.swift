import Glibc
import MartinetConfig

/// The configuration files below a directory, as one look at it found them.
struct FileTree {
    struct Entry: Equatable {
        var path: String
        var isSymbolicLink: Bool
        /// Of what the path leads to; nil if that cannot be told, which reading it will explain.
        var identity: FileIdentity?
    }

    /// In name order, a sub-directory's files where its name stands.
    private(set) var files: [Entry] = []
    private(set) var directories: [String] = []
    /// Directories that could not be read: files known below them are still taken for existing.
    private(set) var unreadable: [String] = []
    private(set) var problems: [Diagnostic] = []

    /// Deepest nesting of sub-directories.
    static let depthLimit = 32
    /// Most files of one provider; beyond, the directory is hardly meant.
    static let countLimit = 100_000

    /// One file, whatever its name ends in.
    static func file(_ path: String) -> FileTree {
        var tree = FileTree()
        var status = stat()
        let isLink = lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
        tree.files = [Entry(path: path, isSymbolicLink: isLink, identity: identity(of: path))]
        return tree
    }

    /// All files ending in `.yaml`, `.yml` or `.toml` below `root`. As in Traefik, sub-directories are followed and
    /// symbolic links to files too, symbolic links to directories are not.
    static func directory(_ root: String) -> FileTree {
        var tree = FileTree()
        tree.add(directory: root.count > 1 && root.hasSuffix("/") ? String(root.dropLast()) : root, depth: 0)
        return tree
    }

    private mutating func add(directory: String, depth: Int) {
        guard depth <= Self.depthLimit else {
            let reason = "is more than \(Self.depthLimit) directories deep and is not read"
            return report(directory, reason, remedy: "move it up")
        }
        guard let stream = opendir(directory) else {
            let failure = FileReader.failure(directory, SystemError(call: "opendir"))
            unreadable.append(directory)
            return problems.append(failure.diagnostic)
        }
        defer { closedir(stream) }
        directories.append(directory)

        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            // `.`, `..`, and what Kubernetes keeps for itself in a mounted volume: `..data` and `..2026_11_21…`, whose
            // files the directory shows by links.
            if !name.hasPrefix("..") && name != "." { names.append(name) }
        }
        names.sort { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        for name in names { add(name: name, in: directory, depth: depth) }
    }

    private mutating func add(name: String, in directory: String, depth: Int) {
        let path = directory == "/" ? "/" + name : directory + "/" + name
        var status = stat()
        // An entry that vanished since it was listed is no problem: another event follows.
        guard lstat(path, &status) == 0 else { return }
        if status.st_mode & S_IFMT == S_IFDIR { return add(directory: path, depth: depth + 1) }
        guard Self.isConfiguration(name) else { return }

        let isLink = status.st_mode & S_IFMT == S_IFLNK
        // Links that lead nowhere are editors' locks (`.#dynamic.yml`) or about to be filled, and are tolerated.
        if isLink && (stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFDIR) {
            return files.append(Entry(path: path, isSymbolicLink: true, identity: nil))
        }
        guard files.count < Self.countLimit else {
            if files.count == Self.countLimit {
                let reason = "holds more than \(Self.countLimit) files; the rest is not read"
                report(directory, reason, remedy: "point providers.file.directory at the configuration only")
            }
            return
        }
        files.append(Entry(path: path, isSymbolicLink: isLink, identity: FileIdentity(status)))
    }

    private mutating func report(_ path: String, _ reason: String, remedy: String) {
        let position = SourcePosition(file: path)
        problems.append(Diagnostic(.warning, path: "", position: position, reason: reason, remedy: remedy))
    }

    private static func isConfiguration(_ name: String) -> Bool {
        switch DocumentFormat(fileName: name) {
        case .yaml, .toml: true
        case .json, nil: false
        }
    }

    private static func identity(of path: String) -> FileIdentity? {
        var status = stat()
        return stat(path, &status) == 0 ? FileIdentity(status) : nil
    }
}
