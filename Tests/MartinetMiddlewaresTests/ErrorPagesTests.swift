import MartinetConfig
import MartinetCore
import MartinetHTTP
import Testing

@testable import MartinetMiddlewares

@Suite struct ErrorPagesTests {
    private static let pages = LocalService(name: "pages@file") { _ in .respond }

    private func middleware(_ change: (inout ErrorsOptions) -> Void = { _ in }) throws -> ErrorPages {
        var options = ErrorsOptions()
        options.status = ["404", "500-599"]
        options.service = "pages"
        options.query = "/{status}.html"
        change(&options)
        return try ErrorPages(options) { _ in Self.pages }
    }

    /// An exchange whose answer has that status, after the response phase.
    private func answered(_ middleware: ErrorPages, _ status: UInt16, _ lines: [(String, String)] = []) -> (
        Exchange, asks: Bool
    ) {
        let exchange = Exchange.get("/x", lines)
        #expect(middleware.request(exchange) == .proceed)
        exchange.response.status = status
        if case .ask = middleware.response(exchange) { return (exchange, true) }
        return (exchange, false)
    }

    @Test(arguments: [(UInt16(200), false), (404, true), (405, false), (500, true), (599, true), (600, false)])
    func listedStatusesAskForAPage(_ status: UInt16, _ asks: Bool) throws {
        let (exchange, asked) = answered(try middleware(), status)
        #expect(asked == asks)
        #expect(exchange.request.pathString == (asks ? "/\(status).html" : "/x"))
    }

    @Test func thePageKeepsTheStatusAndTheRequestComesBack() throws {
        let middleware = try middleware { $0.statusRewrites = ["500-503": 404] }
        let (exchange, asked) = answered(middleware, 503, [("Cookie", "a=b")])
        #expect(asked)
        #expect(exchange.request.pathString == "/404.html")
        #expect(!exchange.appendsForwardedFor)
        exchange.response.status = 200
        if case .ask = middleware.response(exchange) { Issue.record("asked twice") }
        #expect(exchange.response.status == 404)
        #expect(exchange.request.pathString == "/x")
        #expect(exchange.requestLines == ["Cookie: a=b"])
        #expect(exchange.appendsForwardedFor)
    }

    @Test func anotherAttemptForgetsTheFirst() throws {
        let middleware = try middleware()
        let (exchange, _) = answered(middleware, 503)
        #expect(middleware.request(exchange) == .proceed)
        exchange.response.status = 200
        _ = middleware.response(exchange)
        #expect(exchange.response.status == 200)
    }

    private static let lines = [
        ("Authorization", "Basic x"), ("Cookie", "a=b"), ("X_Cookie", "c"), ("Proxy.Authorization", "d"),
        ("X-Mine", "1"),
        ("Content-Length", "5"), ("X-Martinet-Hops", "2"), ("Connection", "close"),
    ]

    @Test func credentialsStayBehind() throws {
        let (exchange, _) = answered(try middleware(), 404, Self.lines)
        #expect(exchange.requestLines == ["X_Cookie: c", "X-Mine: 1", "X-Martinet-Hops: 2"])
    }

    @Test func onlyListedHeadersAreHandedOn() throws {
        let (exchange, _) = answered(try middleware { $0.errorRequestHeaders = ["cookie"] }, 404, Self.lines)
        #expect(exchange.requestLines == ["Cookie: a=b", "X-Martinet-Hops: 2"])
    }

    @Test(
        arguments: [
            ("", "/", nil), ("page", "/page", nil), ("//page", "//page", nil),
            ("/x#{status}", "/x", nil), ("#x", "/", nil), ("/x?a#b?c", "/x", "a"), ("/ü\"%2f", "/%C3%BC%22/", nil),
            ("/%zz", "/%zz", nil),
            ("/{status}/{originalStatus}", "/404/500", nil),
            ("/e?u={url}", "/e", "u=http%3A%2F%2Fa.test%2Fx%3Fq%3D1"),
            ("/{url}", "/http%3A%2F%2Fa.test%2Fx%3Fq%3D1", nil),
            ("/{status}{status}?", "/404404", ""),
        ] as [(String, String, String?)])
    func pagesAreNamedAfterTheAnswer(_ text: String, _ path: String, _ query: String?) {
        let exchange = Exchange.get("/x")
        exchange.request.setQuery("q=1")
        exchange.request.host = exchange.request.headers.store("a.test")
        let page = PageTemplate(text).fill(exchange, status: 404, original: 500)
        #expect(page.path == path)
        #expect(page.query == query)
    }

    @Test func queriesAreEscapedAsInGo() {
        #expect(PageTemplate.queryEscaped("a b&c=d/é~-_.") == "a+b%26c%3Dd%2F%C3%A9~-_.")
    }

    @Test(
        arguments: [
            ("404", [404...404]), ("500-599", [500...599]), ("0-599", [0...599]), ("599-500", []),
            ("404-100000", [404...65535]), ("500-503-599", [500...503]), ("500-503-x", [500...503]), ("0", [0...0]),
        ] as [(String, [ClosedRange<UInt16>])])
    func rangesAreReadAsTraefikDoes(_ text: String, _ expected: [ClosedRange<UInt16>]) throws {
        #expect(try StatusRanges.parse([text], option: "status") == expected)
    }

    @Test(arguments: ["", "-", "500-", "-500", "4x4", "500 - 599", "99999999999999999999"])
    func whatIsNoRangeIsRefused(_ text: String) {
        #expect(throws: MiddlewareError.self) { try StatusRanges.parse([text], option: "status") }
    }

    @Test func brokenOptionsAreRefused() {
        #expect(throws: MiddlewareError.self) { try middleware { $0.status = ["4x4"] } }
        #expect(throws: MiddlewareError.self) { try middleware { $0.statusRewrites = ["500": 1000] } }
        #expect(throws: MiddlewareError.self) { try middleware { $0.service = "" } }
    }
}
