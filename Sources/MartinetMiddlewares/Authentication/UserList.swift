#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Users and their password hashes, from options and from a file whose entries win.
struct UserList: Sendable {
    private var hashes: [String: String] = [:]
    /// Checked for users that do not exist, so that they take as long as those that do.
    private let decoy: String

    /// Throws when the file cannot be read, an entry has no colon, or there is nobody.
    init(users: [String], file: String, option: String) throws(MiddlewareError) {
        var lines = users.map { ($0, "\(option).users") }
        if !file.isEmpty {
            guard let text = Self.read(file) else {
                throw MiddlewareError(
                    "\(option).usersFile: \(file) cannot be read", remedy: "check the path and its permissions")
            }
            for line in text.split(whereSeparator: \.isNewline)
            where !line.hasPrefix("#") && !line.allSatisfy(\.isWhitespace) {
                lines.append((String(line), "\(option).usersFile"))
            }
        }
        for (line, place) in lines {
            guard let colon = line.firstIndex(of: ":") else {
                throw MiddlewareError("\(place): an entry has no colon", remedy: "write name:hash, as htpasswd does")
            }
            hashes[String(line[..<colon])] = String(line[line.index(after: colon)...])
        }
        guard !hashes.isEmpty else {
            throw MiddlewareError("\(option): there are no users", remedy: "give users or usersFile")
        }
        // The kind of hash most users have: the time it takes is the time everybody takes.
        decoy = hashes.values.sorted().max { a, b in a.count < b.count } ?? ""
    }

    /// Whether that user has that password. Hashes once, whether the user exists or not.
    func verify(_ name: String, _ password: [UInt8]) -> Bool {
        guard let hash = hashes[name] else {
            _ = PasswordHash.verify(password, against: decoy)
            return false
        }
        return PasswordHash.verify(password, against: hash)
    }

    private static func read(_ path: String) -> String? {
        guard let file = fopen(path, "re") else { return nil }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            guard count > 0 else { break }
            bytes += chunk[..<count]
            guard bytes.count <= 16 << 20 else { return nil }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
