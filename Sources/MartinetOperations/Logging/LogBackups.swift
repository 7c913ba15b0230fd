#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The files put aside beside one log file.
struct LogBackups: Sendable {
    private let folder: String
    private let names: BackupName

    /// - Parameter path: of the log file.
    init(of path: String) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        names = BackupName(of: parts.last.map(String.init) ?? path)
        folder = parts.count > 1 ? parts.dropLast().joined(separator: "/") + "/" : ""
    }

    /// Moves the file at `path` aside. Returns false, with `errno`, if that cannot be done.
    func putAside(_ path: String, at time: Int64) -> Bool {
        var time = time
        // Two rotations within a millisecond must not overwrite each other.
        while exists(names.name(at: time)) || exists(names.name(at: time) + ".gz") { time += 1_000_000 }
        return rename(path, folder + names.name(at: time)) == 0
    }

    /// Removes what is too old or too much, then packs the rest if that is asked for. Takes as long as packing takes.
    func tidy(_ rotation: LogRotation, now: Int64) {
        var kept: Set<Int64> = []
        var unpacked: [String] = []
        for file in list() {
            let tooMany = rotation.maxBackups > 0 && !kept.contains(file.time) && kept.count >= rotation.maxBackups
            let tooOld = rotation.maxAge > 0 && file.time < now - rotation.maxAge
            guard !tooMany, !tooOld else {
                unlink(folder + file.name)
                continue
            }
            kept.insert(file.time)
            if !file.isPacked { unpacked.append(file.name) }
        }
        guard rotation.compresses else { return }
        for name in unpacked { GzipFile.pack(folder + name) }
    }

    private struct File {
        var name: String
        var time: Int64
        var isPacked: Bool
    }

    /// Newest first.
    private func list() -> [File] {
        guard let directory = opendir(folder.isEmpty ? "." : folder) else { return [] }
        defer { closedir(directory) }
        var files: [File] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
                tuple.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: tuple.pointee)) {
                    String(cString: $0)
                }
            }
            guard let (time, isPacked) = names.parse(name) else { continue }
            files.append(File(name: name, time: time, isPacked: isPacked))
        }
        return files.sorted { $0.time > $1.time }
    }

    private func exists(_ name: String) -> Bool { access(folder + name, F_OK) == 0 }
}
