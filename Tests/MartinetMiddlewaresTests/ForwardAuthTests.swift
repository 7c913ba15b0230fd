import MartinetConfig
import MartinetCore
import MartinetMiddlewares
import Testing

@Suite struct ForwardAuthTests {
    /// The header lines of a request after the auth server let it pass with `answer`.
    private func lines(
        _ client: [(String, String)], answer: [(String, String)], _ change: (inout ForwardAuthOptions) -> Void
    ) throws -> [String] {
        var options = ForwardAuthOptions()
        options.address = "http://auth:80/"
        change(&options)
        let middleware = try ForwardAuth(options) { url in
            UpstreamServer(
                url: url, scheme: .http, host: "auth", port: 80, authority: "auth", pathPrefix: "",
                passHostHeader: false, transport: UpstreamTransport(name: "t"), pool: 0)
        }
        let exchange = Exchange.from(loopback: "/", client)
        let driver = AnsweringDriver(answer: answer)
        exchange.driver = driver
        #expect(middleware.request(exchange) == .wait)
        #expect(driver.outcome == .proceed)
        return exchange.requestLines
    }

    @Test(arguments: ["X-User", "x-user", "X_User", "x_user", "X.User", "X_USER"])
    func aPatternErasesEverySpellingOfWhatItMatches(_ spelling: String) throws {
        let lines = try lines([(spelling, "root"), ("Accept", "*/*")], answer: []) {
            $0.authResponseHeadersRegex = "^X-"
        }
        #expect(lines == ["Accept: */*"])
    }

    @Test func allLinesOfTheAnswerThatMatchArrive() throws {
        let lines = try lines(
            [("x-user", "root"), ("X_User", "root")],
            answer: [("X-User", "ann"), ("Other", "o"), ("x-user", "bob"), ("X-Role", "r"), ("Connection", "X-Role")]
        ) { $0.authResponseHeadersRegex = "^(X-|Connection)" }
        #expect(lines == ["X-User: ann", "X-User: bob", "X-Role: r"])
    }

    @Test func aPatternForAnUnderscoreErasesTheTwinsOfWhatItCopies() throws {
        let lines = try lines([("X-User", "root"), ("x.user", "root")], answer: [("X_User", "ann")]) {
            $0.authResponseHeadersRegex = "^X_"
        }
        #expect(lines == ["X_user: ann"])
    }

    @Test func namedHeadersThatAreTwinsDoNotEraseEachOther() throws {
        let lines = try lines([("X_User", "root")], answer: [("X-User", "ann"), ("X_User", "ann")]) {
            $0.authResponseHeaders = ["X-User", "X_User"]
        }
        #expect(lines == ["X-User: ann", "X_user: ann"])
    }
}
