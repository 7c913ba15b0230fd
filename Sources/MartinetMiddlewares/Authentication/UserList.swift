import Crypto

/// Users and their password hashes, from options and from a file.
struct UserList: Sendable {
    /// By names as bytes: as text, some that are spelt differently would be the same.
    private var hashes: [[UInt8]: String] = [:]
    /// Checked for users that do not exist, so that they take as long as those that do. All hashes: kinds differ in the time they take.
    private let decoys: [String]
    /// Nobody outside knows the hashes, so nobody knows what is made of them.
    private let secret: [UInt8]
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
            hashes[Array(entry.text[..<colon].utf8)] = String(entry.text[entry.text.index(after: colon)...])
        }
        guard !hashes.isEmpty else {
            throw MiddlewareError("\(option): there are no users", remedy: "give users or usersFile")
        }
        decoys = hashes.values.sorted()
        secret = Array(SHA256.hash(data: Array(decoys.joined(separator: "\n").utf8)))
    }

    /// Whether that user has that password. Hashes once, whether the user exists or not.
    func verify(_ name: [UInt8], _ password: [UInt8]) -> Bool {
        guard let hash = hashes[name] else {
            // For a name always the same one, as if it existed, restarts or not.
            let digest = SHA256.hash(data: secret + name).withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
            _ = hashing(password, decoys[Int(digest % UInt64(decoys.count))])
            return false
        }
        return hashing(password, hash)
    }
}
