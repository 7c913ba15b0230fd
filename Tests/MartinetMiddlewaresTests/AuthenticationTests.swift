import Crypto
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

    @Test func unknownUsersAreRefused() throws {
        let users = try UserList(users: ["a:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ="], file: "", option: "basicAuth")
        #expect(users.verify("a", Array("secret".utf8)))
        #expect(!users.verify("b", Array("secret".utf8)))
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
        let users = try UserList(
            users: ["ann:$2y$05$aaaaaaaaaaaaaaaaaaaaaa", "bob:$2y$05$bbbbbbbbbbbbbbbbbbbbbb"], file: "",
            option: "basicAuth"
        ) { password, hash in
            asked.hashes.withLock { $0.append(hash) }
            return password == Array("pear".utf8)
        }
        #expect(users.verify(name, Array(password.utf8)) == isGood)
        let hashes = asked.hashes.withLock { $0 }
        #expect(hashes.count == 1)
        // Of the same kind and cost, too.
        #expect(hashes.allSatisfy { $0.hasPrefix("$2y$05$") })
    }

    @Test func noUsersIsAnError() {
        #expect(throws: MiddlewareError.self) { try UserList(users: [], file: "", option: "basicAuth") }
        #expect(throws: MiddlewareError.self) { try UserList(users: ["nocolon"], file: "", option: "basicAuth") }
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
