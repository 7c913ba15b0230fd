import MartinetConfig
import MartinetCore
import MartinetHTTP
import Testing

@testable import MartinetMiddlewares

@Suite struct BufferingTests {
    private func middleware(_ expression: String) throws -> Buffering {
        var options = BufferingOptions()
        options.retryExpression = expression
        return try Buffering(options)
    }

    /// How often a request is sent whose answers all have that status.
    private func tries(_ expression: String, _ status: UInt16, method: String = "GET") throws -> Int {
        let middleware = try middleware(expression)
        let exchange = Exchange.get()
        exchange.request.methodBytes = exchange.request.headers.store(method)
        _ = middleware.request(exchange)
        for number in 1... {
            exchange.response.status = status
            guard case .retry = middleware.response(exchange) else { return number }
        }
        return 0
    }

    @Test(arguments: [
        ("IsNetworkError() && Attempts() < 3", UInt16(502), "GET", 3),
        ("IsNetworkError() && Attempts() < 3", 504, "GET", 3),
        ("IsNetworkError() && Attempts() < 3", 500, "GET", 1), ("ResponseCode() == 500", 500, "GET", 11),
        ("ResponseCode() >= 500 && RequestMethod() == \"PUT\" && Attempts() <= 1", 503, "PUT", 2),
        ("ResponseCode() >= 500 && RequestMethod() == `PUT`", 503, "POST", 1),
        ("RequestMethod() != \"GET\" || Attempts() != 2", 200, "GET", 2),
    ])
    func requestsAreSentAgain(_ expression: String, _ status: UInt16, _ method: String, _ count: Int) throws {
        #expect(try tries(expression, status, method: method) == count)
    }

    @Test(arguments: [
        "IsNetworkError() &&", "Attempts() < 2.0", "RequestMethod() < \"PUT\"", "RequestMethod() == PUT",
        "IsNetworkError() == 1", "Attempts(1) < 2",
        "NetworkErrorRatio() > 0.5", "\"a\" == RequestMethod()",
    ])
    func brokenExpressionsAreRefused(_ expression: String) {
        #expect(throws: MiddlewareError.self) { try middleware(expression) }
    }

    @Test func sizesHaveDefaults() throws {
        let middleware = try Buffering(BufferingOptions())
        #expect(middleware.request(.get()) == .bufferBody(limit: nil, memory: 1 << 20))
        if case .hold(let limit, let memory) = middleware.response(.get()) {
            #expect(limit == nil)
            #expect(memory == 1 << 20)
        } else {
            Issue.record("the answer is not kept")
        }
        #expect(!middleware.phases.contains(.retry))
    }

    @Test func anAnswerOfTheProxysOwnIsWholeAlready() throws {
        let exchange = Exchange.get()
        exchange.setLocalResponse(502)
        if case .proceed = try Buffering(BufferingOptions()).response(exchange) { return }
        Issue.record("it does not pass")
    }

    @Test func negativeSizesAreRefused() {
        var options = BufferingOptions()
        options.memResponseBodyBytes = -1
        #expect(throws: MiddlewareError.self) { try Buffering(options) }
    }
}
