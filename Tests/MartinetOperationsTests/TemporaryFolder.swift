import Glibc

/// A folder for one test, removed with this value.
final class TemporaryFolder {
    struct Failure: Error {}

    private let root: String

    init() throws {
        var template = Array("/tmp/martinet-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure() }
        root = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit {
        for name in names { unlink(path(name)) }
        rmdir(root)
    }

    func path(_ name: String) -> String { root + "/" + name }

    /// Sorted.
    var names: [String] {
        guard let directory = opendir(root) else { return [] }
        defer { closedir(directory) }
        var result: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { result.append(name) }
        }
        return result.sorted()
    }

    func write(_ text: String, to name: String) {
        guard let file = fopen(path(name), "w") else { return }
        fputs(text, file)
        fclose(file)
    }

    /// Nil if there is no such file.
    func text(_ name: String) -> String? {
        guard let file = fopen(path(name), "r") else { return nil }
        defer { fclose(file) }
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            guard count > 0 else { return String(decoding: result, as: UTF8.self) }
            result += buffer[..<count]
        }
    }

    func move(_ name: String, to other: String) { rename(path(name), path(other)) }

    func link(_ name: String, to target: String) { symlink(target, path(name)) }

    func remove(_ name: String) { unlink(path(name)) }
}
