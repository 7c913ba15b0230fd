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
        ("/api%2Fx", "/%2Fx", .proceed), ("/api../admin", "", .respond), ("/api./x", "", .respond),
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
}
