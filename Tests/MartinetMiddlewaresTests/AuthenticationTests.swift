import Crypto
import MartinetConfig
import MartinetCore
import Synchronization
import Testing

@testable import MartinetMiddlewares

@Suite struct PasswordHashTests {

    @Test func shaIsKnown() {
        #expect(PasswordHash.verify(Array("secret".utf8), against: "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ="))
        #expect(!PasswordHash.verify(Array("Secret".utf8), against: "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ="))
    }

    @Test(arguments: ["", "plain", "$", "$9$nothing", "$apr1$", "{SHA}", "$2y$05$short"]) func brokenHashesAdmitNobody(
        _ hash: String
    ) {
        #expect(!PasswordHash.verify(Array("secret".utf8), against: hash))
        #expect(!PasswordHash.verify([], against: hash))
    }

    /// Both hashes are of the password itself; only its length is against it.
    @Test func passwordsBeyondTheBoundAreRefusedUnhashed() {
        let longest = [UInt8](repeating: 0x61, count: PasswordHash.longestPassword)
        let hash = "{SHA}" + Base64.encode(Array(Insecure.SHA1.hash(data: longest)))
        #expect(PasswordHash.verify(longest, against: hash))
        let longer = longest + [0x61]
        #expect(!PasswordHash.verify(longer, against: "{SHA}" + Base64.encode(Array(Insecure.SHA1.hash(data: longer)))))
        // A thousand rounds over 16 MiB would take half a minute.
        let huge = [UInt8](repeating: 0x61, count: 16 << 20)
        #expect(!PasswordHash.verify(huge, against: "$apr1$salt$ZZZZZZZZZZZZZZZZZZZZZZ"))
    }

    private func list(
        _ users: [String], hashing: @escaping @Sendable ([UInt8], String) -> Bool = PasswordHash.verify
    ) throws -> UserList {
        let entries = try UserEntries.read(users, file: "", option: "basicAuth") { _ in nil }
        return try UserList(entries, option: "basicAuth", hashing: hashing)
    }

    /// The sign for kelvin is, as text, the letter K.
    @Test(arguments: ["\u{212A}im", "kim", "Kim\u{0}", "Kim "]) func otherSpellingsAreOtherUsers(_ name: String) throws
    {
        let users = try list(["Kim:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ="])
        #expect(users.verify(Array("Kim".utf8), Array("secret".utf8)))
        #expect(!users.verify(Array(name.utf8), Array("secret".utf8)))
    }

    @Test func usersComeFromAFileToo() throws {
        let text = "# people\n\nann:{SHA}a\r\n  bob:{SHA}b  \n"
        let entries = try UserEntries.read(["cid:{SHA}c"], file: "/users", option: "basicAuth") { path in
            path == "/users" ? Array(text.utf8) : nil
        }
        #expect(entries.map(\.text) == ["ann:{SHA}a", "bob:{SHA}b", "cid:{SHA}c"])
        #expect(throws: MiddlewareError.self) {
            try UserEntries.read([], file: "/other", option: "basicAuth") { _ in nil }
        }
    }

    @Test func unknownUsersAreRefused() throws {
        let users = try list(["a:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ="])
        #expect(users.verify(Array("a".utf8), Array("secret".utf8)))
        #expect(!users.verify(Array("b".utf8), Array("secret".utf8)))
    }

    private final class Asked: Sendable {
        let hashes = Mutex<[String]>([])
    }

    /// Whoever measures how long a refusal takes must not learn which names there are (CVE-2026-32595).
    @Test(arguments: [
        ("ann", "pear", true), ("ann", "apple", false), ("bob", "pear", true),
        ("zed", "pear", false), ("zed", "", false), ("", "pear", false), ("ANN", "pear", false),
    ])
    func aLoginCostsOneHashWhoeverAsks(_ name: String, _ password: String, _ isGood: Bool) throws {
        let asked = Asked()
        let users = try list(["ann:$2y$05$aaaaaaaaaaaaaaaaaaaaaa", "bob:$2y$05$bbbbbbbbbbbbbbbbbbbbbb"]) {
            password, hash in
            asked.hashes.withLock { $0.append(hash) }
            return password == Array("pear".utf8)
        }
        #expect(users.verify(Array(name.utf8), Array(password.utf8)) == isGood)
        let hashes = asked.hashes.withLock { $0 }
        #expect(hashes.count == 1)
        // Of the same kind and cost, too.
        #expect(hashes.allSatisfy { $0.hasPrefix("$2y$05$") })
    }

    /// With hashes of several kinds a name that does not exist takes the time of one of them, always the same.
    @Test func namesThatDoNotExistTakeAllKindsOfTimes() throws {
        let asked = Asked()
        let users = try list(["ann:$2y$05$a", "bob:{SHA}b", "cid:$1$c"]) { _, hash in
            asked.hashes.withLock { $0.append(hash) }
            return true
        }
        let names = (0..<60).map { "user\($0)" }
        for name in names + names { #expect(!users.verify(Array(name.utf8), [])) }
        let hashes = asked.hashes.withLock { $0 }
        #expect(hashes.prefix(60) == hashes.suffix(60))
        #expect(Set(hashes) == ["$2y$05$a", "{SHA}b", "$1$c"])
    }

    @Test func noUsersIsAnError() {
        #expect(throws: MiddlewareError.self) { try list([]) }
        #expect(throws: MiddlewareError.self) { try list(["nocolon"]) }
    }

    @Test(arguments: [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYg==", "foob")])
    func base64IsRead(_ text: String, _ plain: String) {
        var text = text
        let decoded = text.withUTF8 { Base64.decode(UnsafeRawBufferPointer($0)) }
        #expect(decoded == Array(plain.utf8))
        #expect(Base64.encode(Array(plain.utf8)) == text)
    }

    @Test(arguments: ["Z", "Zg=", "Zg=a", "Z=g=", "Z g="]) func otherTextIsNoBase64(_ text: String) {
        var text = text
        #expect(text.withUTF8 { Base64.decode(UnsafeRawBufferPointer($0)) } == nil)
    }
}

@Suite struct VerifiedPasswordsTests {
    private let verified = VerifiedPasswords()

    private func digest(_ text: String) -> VerifiedPasswords.Digest { verified.digest(Array(text.utf8)) }

    @Test func onlyWhatWasEnteredIsThere() {
        #expect(!verified.contains(digest("ann:pear"), now: 0))
        verified.insert(digest("ann:pear"), now: 5)
        #expect(verified.contains(digest("ann:pear"), now: 5))
        for other in ["ann:Pear", "ann:pea", "bob:pear", "ann:pear ", "an:npear", ":", ""] {
            #expect(!verified.contains(digest(other), now: 5))
        }
    }

    @Test func itCeasesToCount() {
        verified.insert(digest("ann:pear"), now: 5)
        #expect(verified.contains(digest("ann:pear"), now: 4 + VerifiedPasswords.lifetime))
        #expect(!verified.contains(digest("ann:pear"), now: 5 + VerifiedPasswords.lifetime))
        verified.insert(digest("ann:pear"), now: 100)
        #expect(verified.contains(digest("ann:pear"), now: 99 + VerifiedPasswords.lifetime))
    }

    @Test func eachObjectHasItsOwnKey() {
        #expect(VerifiedPasswords().digest([1, 2]) != VerifiedPasswords().digest([1, 2]))
    }

    @Test func thereIsABound() {
        let all = (0..<(4 * VerifiedPasswords.capacity)).map { digest("user\($0):pear") }
        for digest in all { verified.insert(digest, now: 1) }
        #expect(all.suffix(4).allSatisfy { verified.contains($0, now: 1) })
        #expect(all.count { verified.contains($0, now: 1) } <= VerifiedPasswords.capacity)
    }
}

@Suite struct BasicAuthTests {
    private func ask(_ auth: BasicAuth, _ credentials: String) -> (
        outcome: RequestOutcome?, hashes: Int, exchange: Exchange
    ) {
        let driver = AnsweringDriver(answer: [])
        let exchange = Exchange.get("/", [("Authorization", "Basic \(Base64.encode(Array(credentials.utf8)))")])
        exchange.driver = driver
        let outcome = auth.request(exchange)
        return (driver.outcome ?? outcome, driver.offloaded, exchange)
    }

    @Test func aRightPasswordIsHashedOnce() throws {
        var options = BasicAuthOptions()
        options.users = ["ann:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ="]
        options.headerField = "X-User"
        options.removeHeader = true
        let auth = try BasicAuth(options, file: { _ in nil })
        for (credentials, hashes, isAdmitted) in [
            ("ann:wrong", 1, false), ("ann:secret", 1, true), ("ann:secret", 0, true), ("ann:wrong", 1, false),
            ("bob:secret", 1, false), ("ann:secret", 0, true),
        ] {
            let asked = ask(auth, credentials)
            #expect(asked.hashes == hashes, "\(credentials)")
            #expect(asked.exchange.isLocalResponse != isAdmitted)
            if isAdmitted { #expect(asked.exchange.requestLines == ["X-User: ann"]) }
        }
    }
}
