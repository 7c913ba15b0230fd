import MartinetConfig
import MartinetCore
import MartinetHTTP
import MartinetMiddlewares
import Testing

@Suite struct HeadersTests {
    private func lines(_ client: [(String, String)], setting headers: [String: String]) throws -> [String] {
        var options = HeadersOptions()
        options.customRequestHeaders = headers
        let exchange = Exchange.get("/", client)
        _ = try Headers(options).request(exchange)
        return exchange.requestLines
    }

    private static let spellings = ["X_Auth_User", "x-auth-user", "X.Auth.User", "X-Auth_User"]

    @Test(arguments: ["x-auth-user", "X_Auth_User", "X.Auth.User"]) func twinsOfHeadersThatAreSetGo(_ name: String)
        throws
    {
        let lines = try lines(Self.spellings.map { ($0, "theirs") }, setting: [name: "ours"])
        #expect(lines.count == 1)
        #expect(lines.first?.hasSuffix(": ours") == true)
    }

    @Test(arguments: ["X-Auth-User", "X_Auth_User"]) func twinsOfHeadersThatAreRemovedGo(_ name: String) throws {
        #expect(try lines(Self.spellings.map { ($0, "theirs") }, setting: [name: ""]) == [])
    }

    @Test func twoThatAreTwinsAreBothSet() throws {
        let lines = try lines([("X_A", "theirs")], setting: ["X-A": "1", "X_A": "2"])
        #expect(lines == ["X-A: 1", "X_a: 2"])
    }

    /// `User_Agent` is set for a backend that looks for it; the browser's name is another matter.
    @Test func headersOfTheProtocolAreNoTwins() throws {
        let lines = try lines([("User-Agent", "me")], setting: ["User_Agent": "ours"])
        #expect(lines == ["User-Agent: me", "User_agent: ours"])
    }

    @Test(arguments: ["a.test", "a.test:80", "[::1]:80", "a_b", ""]) func hostsAreSet(_ host: String) throws {
        var options = HeadersOptions()
        options.customRequestHeaders = ["host": host]
        let exchange = Exchange.get()
        _ = try Headers(options).request(exchange)
        #expect(exchange.request.hostString == host)
    }

    @Test(arguments: ["a b", "a/b", "u@a", "a,b", "é"]) func whatIsNoHostIsRefused(_ host: String) {
        var options = HeadersOptions()
        options.customRequestHeaders = ["Host": host]
        #expect(throws: MiddlewareError.self) { try Headers(options) }
    }
}
