#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The lines of `users` and `usersFile`.
enum UserEntries {
    struct Entry: Sendable {
        let text: String
        /// The option it came from, for messages.
        let place: String
    }

    /// Largest file of users, in bytes.
    private static let longestFile = 16 << 20

    /// The lines of the file, without blank ones and comments, then those of the option. Throws when the file cannot be read.
    static func read(users: [String], file: String, option: String) throws(MiddlewareError) -> [Entry] {
        var entries: [Entry] = []
        if !file.isEmpty {
            guard let text = content(of: file) else {
                throw MiddlewareError(
                    "\(option).usersFile: \(file) cannot be read", remedy: "check the path and its permissions")
            }
            for line in text.split(whereSeparator: \.isNewline) {
                let line = String(line).trimmingBlanks()
                if !line.isEmpty, !line.hasPrefix("#") {
                    entries.append(Entry(text: line, place: "\(option).usersFile"))
                }
            }
        }
        return entries + users.map { Entry(text: $0, place: "\(option).users") }
    }

    private static func content(of path: String) -> String? {
        guard let file = fopen(path, "re") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            guard count > 0 else { break }
            bytes += chunk[..<count]
            guard bytes.count <= longestFile else { return nil }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
