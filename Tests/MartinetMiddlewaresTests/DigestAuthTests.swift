import MartinetConfig
import MartinetCore
import MartinetHTTP
import NIOCore
import Testing

@testable import MartinetMiddlewares

@Suite struct DigestAuthTests {
    private func middleware(_ change: (inout DigestAuthOptions) -> Void = { _ in }) throws -> DigestAuth {
        var options = DigestAuthOptions()
        options.users = ["ann:traefik:\(DigestCredentials.md5("ann:traefik:pear"))"]
        change(&options)
        return try DigestAuth(options, file: { _ in nil })
    }

    /// The parameters of the challenge that a request without credentials gets.
    private func challenge(_ middleware: DigestAuth) -> [String: String] {
        let exchange = Exchange.get()
        #expect(middleware.request(exchange) == .respond)
        #expect(exchange.response.status == 401)
        let text = exchange.response.headers.string(.wwwAuthenticate) ?? ""
        var parameters: [String: String] = [:]
        for part in text.dropFirst(7).split(separator: ", ") {
            let pair = part.split(separator: "=", maxSplits: 1)
            parameters[String(pair[0])] = pair[1].filter { $0 != "\"" }
        }
        return parameters
    }

    /// The header a client makes of a challenge.
    private func answer(
        _ challenge: [String: String], user: String = "ann", password: String = "pear", uri: String = "/x",
        count: String = "00000001"
    ) -> String {
        let realm = challenge["realm"] ?? ""
        let nonce = challenge["nonce"] ?? ""
        let secret = DigestCredentials.md5("\(user):\(realm):\(password)")
        let request = DigestCredentials.md5("GET:\(uri)")
        let response = DigestCredentials.md5("\(secret):\(nonce):\(count):abc:auth:\(request)")
        return "Digest username=\"\(user)\", realm=\"\(realm)\", nonce=\"\(nonce)\", uri=\"\(uri)\", algorithm=MD5, "
            + "response=\"\(response)\", opaque=\"\(challenge["opaque"] ?? "")\", qop=auth, nc=\(count), cnonce=\"abc\""
    }

    private func exchange(_ header: String, path: String = "/x") -> Exchange {
        let exchange = Exchange.get(path, [("Authorization", header)])
        exchange.request.methodBytes = exchange.request.headers.store("GET")
        return exchange
    }

    @Test func aGoodProofPasses() throws {
        let middleware = try middleware { $0.headerField = "X-User" }
        let header = answer(challenge(middleware))
        let exchange = exchange(header)
        exchange.request.headers.add(name: "X_User", value: "root")
        #expect(middleware.request(exchange) == .proceed)
        #expect(exchange.userName == "ann")
        #expect(exchange.requestLines.filter { $0.lowercased().hasPrefix("x") } == ["X-User: ann"])
        #expect(exchange.request.headers.string(.authorization) == header)
    }

    @Test func removeHeaderHidesTheProof() throws {
        let middleware = try middleware { $0.removeHeader = true }
        let exchange = exchange(answer(challenge(middleware)))
        #expect(middleware.request(exchange) == .proceed)
        #expect(exchange.request.headers.string(.authorization) == nil)
    }

    @Test func aProofIsGoodOnce() throws {
        let middleware = try middleware()
        let challenge = challenge(middleware)
        #expect(middleware.request(exchange(answer(challenge, count: "00000002"))) == .proceed)
        for count in ["00000002", "00000001"] {
            let replay = exchange(answer(challenge, count: count))
            #expect(middleware.request(replay) == .respond)
            #expect(replay.response.headers.string(.wwwAuthenticate)?.hasSuffix("stale=true") == true)
        }
        #expect(middleware.request(exchange(answer(challenge, count: "00000003"))) == .proceed)
    }

    @Test(arguments: ["password", "user", "path", "opaque", "nonce", "count", "algorithm", "qop"])
    func aProofOfSomethingElseIsNone(_ what: String) throws {
        let middleware = try middleware()
        var given = challenge(middleware)
        if what == "opaque" { given["opaque"] = "x" }
        if what == "nonce" { given["nonce"] = "bm9uY2Vub25jZW5vbmNlbm9uY2Vub25j" }
        var header = answer(
            given, user: what == "user" ? "zed" : "ann", password: what == "password" ? "" : "pear",
            count: what == "count" ? "1" : "00000001")
        if what == "algorithm" { header = header.replacing("=MD5", with: "=SHA-256") }
        if what == "qop" { header = header.replacing("qop=auth", with: "qop=auth-int") }
        let exchange = exchange(header, path: what == "path" ? "/xyz" : "/x")
        #expect(middleware.request(exchange) == .respond)
        #expect(exchange.response.status == 401)
    }

    @Test func anUnknownUserWithAnEmptySecretIsRefused() throws {
        let middleware = try middleware { $0.users = [] }
        let given = challenge(middleware)
        let request = DigestCredentials.md5("GET:/x")
        let response = DigestCredentials.md5(":\(given["nonce"] ?? ""):00000001:abc:auth:\(request)")
        let header =
            "Digest username=\"zed\", nonce=\"\(given["nonce"] ?? "")\", uri=\"/x\", response=\"\(response)\", "
            + "opaque=\"\(given["opaque"] ?? "")\", qop=auth, nc=00000001, cnonce=\"abc\""
        #expect(middleware.request(exchange(header)) == .respond)
    }

    @Test(arguments: [
        "", "Digest", "Digest ", "Digest username", "Digest username=\"ann", "Basic YW5uOnBlYXI=", "Digest =",
        "Digest a=b=c,,",
        "Digest username=\"a\\\"b\"",
    ])
    func oddHeadersAreRefused(_ header: String) throws {
        #expect(try middleware().request(exchange(header)) == .respond)
    }

    @Test func parametersAreRead() {
        let text = "digest  username=\"a\\\"b, c\" ,nc=00000001,URI=\"/x?a=b,c\", qop = auth"
        let credentials =
            text.utf8.withContiguousStorageIfAvailable { DigestCredentials(UnsafeRawBufferPointer($0)) } ?? nil
        #expect(credentials?.userName == "a\"b, c")
        #expect(credentials?.uri == "/x?a=b,c")
        #expect(credentials?.qop == "auth")
        #expect(credentials?.countNumber == 1)
    }

    @Test func noncesExpire() {
        let nonces = DigestNonces()
        let nonce = nonces.issue(now: 100)
        #expect(nonces.check(nonce, now: 100 + DigestNonces.lifetime) == .good)
        #expect(nonces.check(nonce, now: 101 + DigestNonces.lifetime) == .stale)
        #expect(nonces.check(DigestNonces().issue(now: 100), now: 100) == .unknown)
        #expect(nonces.check("", now: 100) == .unknown)
        #expect(nonces.use(nonce, count: 0, now: 100) == .unknown)
    }

    /// 16 nonces for each place of the smallest table, a millisecond apart.
    @Test func manyLoginsShutNobodyOut() {
        let nonces = DigestNonces(capacity: 256)
        for now in UInt64(1)...4096 {
            #expect(nonces.use(nonces.issue(now: now), count: 1, now: now) == .good)
        }
        // The last one is remembered.
        let last = nonces.issue(now: 4097)
        #expect(nonces.use(last, count: 1, now: 4097) == .good)
        #expect(nonces.use(last, count: 1, now: 4097) == .stale)
        #expect(nonces.use(last, count: 2, now: 4097) == .good)
    }

    @Test func aForgottenNonceIsStaleAndNoLoginIsGoodTwice() {
        let nonces = DigestNonces(capacity: 256)
        var used: [String] = []
        let unused = nonces.issue(now: 1)
        for now in UInt64(1)...1024 {
            used.append(nonces.issue(now: now))
            #expect(nonces.use(used[used.count - 1], count: 1, now: now) == .good)
        }
        #expect(nonces.check(unused, now: 1025) == .good)
        #expect(nonces.use(unused, count: 1, now: 1025) == .stale)
        for nonce in used { #expect(nonces.use(nonce, count: 1, now: 1025) == .stale) }
        // Whoever is still remembered goes on.
        #expect(used.contains { nonces.use($0, count: 2, now: 1025) == .good })
    }

    @Test func countsBeyondTheirBitsAskForANewNonce() {
        let nonces = DigestNonces()
        let nonce = nonces.issue(now: 5)
        #expect(nonces.use(nonce, count: 0x00FF_FFFF, now: 5) == .good)
        #expect(nonces.use(nonce, count: 0x0100_0000, now: 5) == .stale)
    }

    @Test func entriesHaveThreeParts() {
        #expect(throws: MiddlewareError.self) { try middleware { $0.users = ["ann:hash"] } }
        #expect(throws: MiddlewareError.self) { try middleware { $0.usersFile = "/nowhere/users" } }
    }
}
