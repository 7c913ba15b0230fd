import MartinetConfig
import MartinetCore
import MartinetHTTP
import MartinetMiddlewares
import Testing

@Suite struct PathTests {
    private func exchange(_ path: String) -> Exchange {
        let exchange = Exchange(
            connection: ConnectionInfo(
                peer: IPAddress(v4: 0x7F00_0001), peerPort: 1, entryPoint: "web", localPort: 80, isTLS: false))
        exchange.request.setPath(path)
        return exchange
    }

    @Test(arguments: [
        ("/api/x", "/x", RequestOutcome.proceed), ("/api", "/", .proceed), ("/apix", "/x", .proceed),
        ("/other", "/other", .proceed),
        ("/api%2Fx", "/x", .proceed), ("/api../admin", "", .respond), ("/api./x", "", .respond),
        ("/ap%69/x", "/x", .proceed),
    ])
    func stripsOnlyTheFirstMatchingPrefix(_ path: String, _ expected: String, _ outcome: RequestOutcome) throws {
        var options = StripPrefixOptions()
        options.prefixes = ["/nothing", "/api"]
        let exchange = exchange(path)
        #expect(try StripPrefix(options).request(exchange) == outcome)
        if outcome == .proceed {
            #expect(exchange.request.pathString == expected)
        } else {
            #expect(exchange.response.status == 400)
        }
    }

    @Test(arguments: [("v1", "/v1/x"), ("/v1", "/v1/x"), ("/a?b#c", "/a%3Fb%23c/x"), ("/é%20", "/%C3%A9%20/x")])
    func addsItsPrefixAsAPath(_ prefix: String, _ expected: String) throws {
        var options = AddPrefixOptions()
        options.prefix = prefix
        let exchange = exchange("/x")
        #expect(try AddPrefix(options).request(exchange) == .proceed)
        #expect(exchange.request.pathString == expected)
    }

    @Test(arguments: [
        ("/v12/x", "/x", "/v12", RequestOutcome.proceed), ("/v1", "/", "/v1", .proceed),
        ("/v1x", "/x", "/v1", .proceed),
        ("/v%31/a%2Fb", "/a%2Fb", "/v1", .proceed), ("/v1%20/x", "/%20/x", "/v1", .proceed),
        ("/x/v1", "/x/v1", "", .proceed),
        ("/v1../x", "", "/v1", .respond), ("/v1./x", "", "/v1", .respond),
    ])
    func stripsWhatAnExpressionMatchesAtTheBeginning(
        _ path: String, _ expected: String, _ prefix: String, _ outcome: RequestOutcome
    ) throws {
        var options = StripPrefixRegexOptions()
        options.regex = ["/nothing", " ^/v[0-9]+ "]
        let exchange = exchange(path)
        #expect(try StripPrefixRegex(options).request(exchange) == outcome)
        #expect((exchange.request.headers.string(name: "X-Forwarded-Prefix") ?? "") == prefix)
        if outcome == .proceed { #expect(exchange.request.pathString == expected) }
    }

    @Test func aControlCharacterInAStrippedPrefixStaysEscaped() throws {
        var options = StripPrefixRegexOptions()
        options.regex = ["^/[^/]+"]
        let exchange = exchange("/a%0D%0AX-Evil:%201/x")
        #expect(try StripPrefixRegex(options).request(exchange) == .proceed)
        #expect(exchange.request.headers.string(name: "X-Forwarded-Prefix") == "/a%0D%0AX-Evil: 1")
    }

    @Test(arguments: [
        ("/new", "/new", UInt16(0)), ("new", "/new", 0), ("/a%2Fb", "/a%2Fb", 0), ("/a?b", "/a%3Fb", 0),
        ("/%zz", "", 500),
        ("/a%2", "", 500), ("/a/../b", "", 400),
    ])
    func replacesThePath(_ path: String, _ expected: String, _ status: UInt16) {
        var options = ReplacePathOptions()
        options.path = path
        let exchange = exchange("/old%20path")
        #expect(ReplacePath(options).request(exchange) == (status == 0 ? .proceed : .respond))
        if status == 0 {
            #expect(exchange.request.pathString == expected)
            #expect(exchange.request.headers.string(name: "X-Replaced-Path") == "/old%20path")
        } else {
            #expect(exchange.response.status == status)
        }
    }

    @Test(arguments: [
        ("^/foo/(.*)", "/bar/$1", "/foo/a%2Fb", "/bar/a%2Fb", UInt16(0)), ("^/foo", "/x", "/other", "/other", 0),
        ("o", "0", "/foo", "/f00", 0), ("^/(.*)", "$1", "/x", "/x", 0), ("^/x(.*)", "/a b$1", "/x?", "/a%20b%3F", 0),
        ("^/x", "/%zz", "/x", "", 500), ("^/x", "/a/..", "/x/y", "", 400), ("^/x", "/", "/x/y", "", 400),
    ])
    func rewritesThePath(
        _ regex: String, _ replacement: String, _ path: String, _ expected: String, _ status: UInt16
    ) throws {
        var options = ReplacePathRegexOptions()
        options.regex = regex
        options.replacement = replacement
        let exchange = exchange(path)
        #expect(try ReplacePathRegex(options).request(exchange) == (status == 0 ? .proceed : .respond))
        if status == 0 {
            #expect(exchange.request.pathString == expected)
        } else {
            #expect(exchange.response.status == status)
        }
    }

    @Test func brokenExpressionsAreRefusedByName() {
        var strip = StripPrefixRegexOptions()
        strip.regex = ["("]
        #expect(throws: MiddlewareError.self) { try StripPrefixRegex(strip) }
        var replace = ReplacePathRegexOptions()
        replace.regex = "("
        #expect(throws: MiddlewareError.self) { try ReplacePathRegex(replace) }
    }
}
