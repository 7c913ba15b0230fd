import MartinetConfig
import MartinetCore
import Testing

@testable import MartinetOperations

@Suite struct AccessLogFilterTests {
    private func keeps(
        _ statuses: [String], retries: Bool = false, milliseconds: Int64 = 0, status: UInt16 = 200, retried: Int = 0,
        took: Int64 = 100
    ) throws -> Bool {
        var options = AccessLogFiltersOptions()
        options.statusCodes = statuses
        options.retryAttempts = retries
        options.minDuration = OptionDuration(nanoseconds: milliseconds * 1_000_000)
        var it = AccessLogFixture()
        it.figures.downstreamStatus = status
        it.figures.duration = took * 1_000_000
        it.exchange.retries = retried
        return try AccessLogFilter(options).keeps(it.exchange, it.figures)
    }

    @Test func withoutConditionsEverythingIsKept() throws {
        #expect(try keeps([]))
        #expect(try AccessLogFilter(nil).keeps(AccessLogFixture().exchange, ExchangeFigures()))
    }

    @Test(
        arguments: [
            ("404", 404, true), ("404", 405, false), ("500-599", 500, true), ("500-599", 599, true),
            ("500-599", 499, false), (" 300 - 399 ", 304, true),
        ] as [(String, UInt16, Bool)])
    func statuses(range: String, status: UInt16, kept: Bool) throws {
        #expect(try keeps([range], status: status) == kept)
    }

    @Test func anyConditionThatHoldsKeepsTheLine() throws {
        #expect(try keeps(["404"], milliseconds: 200, took: 201))
        #expect(try !keeps(["404"], milliseconds: 200, took: 200))
        #expect(try keeps(["404"], retries: true, retried: 1))
        #expect(try !keeps(["404"], retries: true, retried: 0))
        #expect(try !keeps([], milliseconds: 200, took: 100))
    }

    @Test(arguments: ["abc", "5xx", "", "-", "200-", "-200", "500-400", "1-2-3", "200,404", "99999", "2 0 0"])
    func whatIsNoRangeIsRefusedWithARemedy(text: String) {
        let error = #expect(throws: AccessLogFilter.RangeError.self) { try keeps([text]) }
        #expect(
            error?.description
                == "accessLog.filters.statusCodes: \"\(text)\" is no status or range; write 404 or 500-599")
    }

    @Test func theLogIsNotOpenedWithABadRange() {
        var options = AccessLogOptions()
        options.filePath = "/nonexistent/folder/file"
        options.filters = AccessLogFiltersOptions()
        options.filters?.statusCodes = ["5xx"]
        #expect(throws: AccessLogFilter.RangeError.self) { try AccessLogOutput.open(options) }
    }
}
