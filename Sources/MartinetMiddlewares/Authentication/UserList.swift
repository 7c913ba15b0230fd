/// Users and their password hashes, from options and from a file.
struct UserList: Sendable {
    private var hashes: [String: String] = [:]
    /// Checked for users that do not exist, so that they take as long as those that do.
    private let decoy: String
    private let hashing: @Sendable ([UInt8], String) -> Bool

    /// - Parameter hashing: tells whether a password is the one that was hashed.
    ///
    /// Throws when the file cannot be read, an entry has no colon, or there is nobody.
    init(
        users: [String], file: String, option: String,
        hashing: @escaping @Sendable ([UInt8], String) -> Bool = PasswordHash.verify
    ) throws(MiddlewareError) {
        self.hashing = hashing
        for entry in try UserEntries.read(users: users, file: file, option: option) {
            guard let colon = entry.text.firstIndex(of: ":") else {
                throw MiddlewareError(
                    "\(entry.place): an entry has no colon", remedy: "write name:hash, as htpasswd does")
            }
            hashes[String(entry.text[..<colon])] = String(entry.text[entry.text.index(after: colon)...])
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
            _ = hashing(password, decoy)
            return false
        }
        return hashing(password, hash)
    }
}
