/// The lines of `users` and `usersFile`.
enum UserEntries {
    struct Entry: Sendable {
        let text: String
        /// The option it came from, for messages.
        let place: String
    }

    /// The lines of the file, without blank ones and comments, then those of the option.
    ///
    /// - Parameters:
    ///   - path: of the file; empty: there is none.
    ///   - content: gives what is in it. Throws when that is nil.
    static func read(
        _ users: [String], file path: String, option: String, _ content: (String) -> [UInt8]?
    ) throws(MiddlewareError) -> [Entry] {
        var entries: [Entry] = []
        if !path.isEmpty {
            guard let bytes = content(path) else {
                throw MiddlewareError(
                    "\(option).usersFile: \(path) cannot be read", remedy: "check the path and its permissions")
            }
            for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
                let line = String(line).trimmingBlanks()
                if !line.isEmpty, !line.hasPrefix("#") {
                    entries.append(Entry(text: line, place: "\(option).usersFile"))
                }
            }
        }
        return entries + users.map { Entry(text: $0, place: "\(option).users") }
    }
}
