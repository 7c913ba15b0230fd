import MartinetConfig
import MartinetCore
import Testing

@testable import MartinetMiddlewares

@Suite struct ForwardAuthTests {
    private static let server = UpstreamServer(
        url: "http://auth:4181", scheme: .http, host: "auth", port: 4181, authority: "auth:4181", pathPrefix: "",
        passHostHeader: false, transport: UpstreamTransport(name: "t"), pool: 0)

    /// The header lines of a request after the auth server let it pass with `answer`.
    private func lines(
        _ client: [(String, String)], answer: [(String, String)], _ change: (inout ForwardAuthOptions) -> Void
    ) throws -> [String] {
        var options = ForwardAuthOptions()
        options.address = "http://auth:80/"
        change(&options)
        let middleware = try ForwardAuth(options) { _, _ in Self.server }
        let exchange = Exchange.get("/", client)
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

    @Test(arguments: [
        ("http://auth:4181", "/"), ("http://auth:4181/a?b=c", "/a?b=c"), ("http://auth:4181?b", "/?b"),
        ("http://user:secret@auth:4181/a#b", "/a"), ("http://auth:4181#b", "/"),
    ])
    func theAddressIsTakenApart(_ address: String, _ target: String) throws {
        var options = ForwardAuthOptions()
        options.address = address
        let middleware = try ForwardAuth(options) { url, _ in
            #expect(url.hasSuffix("auth:4181"))
            return Self.server
        }
        let exchange = Exchange.get()
        let driver = AnsweringDriver(answer: [])
        exchange.driver = driver
        #expect(middleware.request(exchange) == .wait)
        #expect(driver.asked == "auth:4181 \(target)")
    }
}

@Suite struct AuthServerAddressTests {
    @Test(
        arguments: [
            ("http://auth:4181/", nil), ("http://ann:secret@auth:4181/", "Basic YW5uOnNlY3JldA=="),
            ("HTTP://ann@auth:4181/", "Basic YW5uOg=="), ("http://a%40b:%3Ac@auth:4181", "Basic YUBiOjpj"),
        ] as [(String, String?)])
    func theUserOfAnAddressMakesCredentials(_ text: String, _ credentials: String?) throws {
        let address = try AuthServerAddress(text)
        #expect(address.server == "http://auth:4181")
        #expect(address.credentials == credentials)
    }

    @Test(arguments: ["", "auth:4181", "ftp://auth", "http://a%4:b@auth/", "http://a:%zz@auth/"])
    func whatIsNoAddressIsRefused(_ text: String) {
        #expect(throws: MiddlewareError.self) { try AuthServerAddress(text) }
    }
}

@Suite struct RelativeReferenceTests {
    @Test(arguments: [
        ("/login", "http://auth:1/login"), ("login", "http://auth:1/a/login"), ("../login?x", "http://auth:1/login?x"),
        ("?x=/..", "http://auth:1/a/check?x=/.."), ("#f", "http://auth:1/a/check?q#f"), ("//b/x", "http://b/x"),
        ("https://b/x", "https://b/x"), ("mailto:a@b", "mailto:a@b"), ("", ""), ("/a//b", "http://auth:1/a//b"),
        ("a:b/c", "a:b/c"), ("./a:b", "http://auth:1/a/a:b"), ("#", "http://auth:1/a/check?q"),
        ("HTTPS://b/x/../y z", "https://b/y%20z"), ("//b", "http://b"), ("///b", "http://auth:1///b"),
        ("..", "http://auth:1/"), ("/a/.", "http://auth:1/a/"), ("http://b/?#", "http://b/?"),
    ])
    func locationsAreSeenFromTheAuthServer(_ reference: String, _ expected: String) {
        #expect(RelativeReference.resolve(reference, origin: "http://auth:1", target: "/a/check?q") == expected)
    }

    @Test(arguments: ["http://[b/", "http://b:c/", "x%zz", ":x", "1a:b", "http://a b@c/", "http://a b/"])
    func whatIsNoURLHasNoPlace(_ reference: String) {
        #expect(RelativeReference.resolve(reference, origin: "http://auth:1", target: "/") == nil)
    }

    @Test(arguments: [
        ("login?x=1", "/a/login?x=1"), ("/login/../z", "/z"), ("../up//b/./c/?x=/../y", "/up/b/c/?x=/../y"),
        ("//b/a/../c", "//b/a/../c"), ("https://b/a/../c?ü", "https://b/a/../c?%c3%bc"), ("?x", "/a/?x"),
        ("#x", "/a/#x"), ("mailto:a@b", "mailto:a@b"), ("/a//b/", "/a/b/"), ("/a/..", "/"),
        ("http://[b/", "http://[b/"),
    ])
    func redirectionsAreSeenFromTheRequest(_ url: String, _ expected: String) {
        #expect(RelativeReference.redirection(to: url, from: "/a/b") == expected)
    }
}
