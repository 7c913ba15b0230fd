import MartinetConfig
import Testing

@testable import MartinetOperations

@Suite struct AccessLogProblemsTests {
    @Test func whatIsKnownIsNoProblem() {
        var options = AccessLogOptions()
        options.format = "genericCLF"
        options.fields = AccessLogFixture.keepingHeaders("redact", ["X-Any": "keep"])
        options.fields?.names = ["clienthost": "drop", "TLSVersion": "keep", "entryPointName": "drop"]
        #expect(options.problems.isEmpty)
        #expect(AccessLogOptions().problems.isEmpty)
    }

    @Test func allBadRangesAreErrors() {
        var options = AccessLogOptions()
        options.filters = AccessLogFiltersOptions()
        options.filters?.statusCodes = ["5xx", "200", "500-400"]
        let remedy = " is no status or range; write 404 or 500-599"
        #expect(
            options.problems.map(\.description) == [
                #"accessLog.filters.statusCodes: "5xx""# + remedy,
                #"accessLog.filters.statusCodes: "500-400""# + remedy,
            ])
        #expect(options.problems.allSatisfy { $0.severity == .error })
    }

    @Test func whatHasNoEffectIsNamedWithItsRemedy() {
        var options = AccessLogOptions()
        options.format = "Json"
        options.fields = AccessLogFixture.keepingHeaders("hide", ["X-Any": "mask"])
        options.fields?.defaultMode = "all"
        options.fields?.names = ["ClientHots": "drop", "Duration": "redact"]
        options.fields?.queryParameters = AccessLogQueryOptions()
        options.fields?.queryParameters?.defaultMode = "redact"
        #expect(
            options.problems.map(\.description) == [
                #"accessLog.format: "Json" is not known: the format is common; write common, genericCLF, json"#,
                #"accessLog.fields.defaultMode: "all" is not known: fields are kept; write keep, drop"#,
                #"accessLog.fields.names: there is no field "ClientHots"; did you mean "ClientHost"?"#,
                #"accessLog.fields.names.Duration: "redact" is not known: fields.defaultMode holds; write keep, drop"#,
                #"accessLog.fields.headers.defaultMode: "hide" is not known: headers are kept; write keep, drop, redact"#,
                #"accessLog.fields.headers.names.X-Any: "mask" is not known: fields.headers.defaultMode holds; "#
                    + "write keep, drop, redact",
                #"accessLog.fields.queryParameters.defaultMode: "redact" is not known: the query is kept; write keep, drop"#,
            ])
        #expect(options.problems.allSatisfy { $0.severity == .warning })
    }
}
