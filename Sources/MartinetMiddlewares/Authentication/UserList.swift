/// Users and their password hashes, from options and from a file.
struct UserList: Sendable {
    private var hashes: [String: String] = [:]
    /// Checked for users that do not exist, so that they take as long as those that do. All hashes: kinds differ in the time they take.
    private let decoys: [String]
    private let hashing: @Sendable ([UInt8], String) -> Bool

    /// - Parameters:
    ///   - option: the middleware's name, for messages.
    ///   - hashing: tells whether a password is the one that was hashed.
    ///
    /// Throws when an entry has no colon, or there is nobody.
    init(
        _ entries: [UserEntries.Entry], option: String,
        hashing: @escaping @Sendable ([UInt8], String) -> Bool = PasswordHash.verify
    ) throws(MiddlewareError) {
        self.hashing = hashing
        for entry in entries {
            guard let colon = entry.text.firstIndex(of: ":") else {
                throw MiddlewareError(
                    "\(entry.place): an entry has no colon", remedy: "write name:hash, as htpasswd does")
            }
            hashes[String(entry.text[..<colon])] = String(entry.text[entry.text.index(after: colon)...])
        }
        guard !hashes.isEmpty else {
            throw MiddlewareError("\(option): there are no users", remedy: "give users or usersFile")
        }
        decoys = Array(hashes.values)
    }

    /// Whether that user has that password. Hashes once, whether the user exists or not.
    func verify(_ name: String, _ password: [UInt8]) -> Bool {
        guard let hash = hashes[name] else {
            // For a name always the same one, as if it existed; nobody outside can tell which, since hash values are seeded at random.
            _ = hashing(password, decoys[Int(UInt(bitPattern: name.hashValue) % UInt(decoys.count))])
            return false
        }
        return hashing(password, hash)
    }
}
