import MartinetConfig
import MartinetHTTP
import Testing

@testable import MartinetOperations

@Suite struct AccessLogModesTests {
    @Test func withoutOptionsFieldsAndQueryAreKeptAndHeadersDropped() {
        let modes = AccessLogModes(nil)
        for field in AccessLogField.allCases { #expect(modes.keeps(field)) }
        #expect(modes.keepsQuery)
        #expect(modes.headers.dropsAll)
    }

    @Test func namesAreFoundWhateverTheirCase() {
        var fields = AccessLogFieldsOptions()
        fields.names = ["clienthost": "drop", "SERVICEURL": "drop"]
        let modes = AccessLogModes(fields)
        #expect(!modes.keeps(.clientHost))
        #expect(!modes.keeps(.serviceURL))
        #expect(modes.keeps(.clientAddr))
    }

    @Test(
        arguments: [
            ("keep", "drop", false), ("drop", "keep", true), ("keep", "redact", true), ("drop", "redact", false),
            ("keep", "bogus", true), ("drop", "bogus", false), ("bogus", "bogus", true), ("drop", "DROP", false),
        ])
    func wordsThatAreNoModeLeaveTheDefault(fallback: String, word: String, keeps: Bool) {
        var fields = AccessLogFieldsOptions()
        fields.defaultMode = fallback
        fields.names = ["Duration": word]
        #expect(AccessLogModes(fields).keeps(.duration) == keeps)
    }

    @Test(
        arguments: [
            ("drop", "keep", "v"), ("drop", "redact", "REDACTED"), ("keep", "redact", "REDACTED"),
            ("redact", "keep", "v"), ("redact", "bogus", "REDACTED"), ("bogus", "bogus", "v"),
        ])
    func modesOfHeadersWithAndWithoutAnID(fallback: String, word: String, value: String) {
        var it = AccessLogFixture("GET / HTTP/1.1\r\nHost: a\r\nAccept: v\r\nX-Other: v\r\n", response: nil)
        it.fields = AccessLogFixture.keepingHeaders(fallback, ["ACCEPT": word, "x-other": word])
        it.fields?.defaultMode = "drop"
        #expect(
            it.json() == #"{"level":"info","msg":"","request_Accept":"\#(value)","request_X-Other":"\#(value)","#
                + #""time":"2026-11-21T08:34:06+05:30"}"#)
    }

    @Test func headersNamedToBeDroppedAreDropped() {
        var it = AccessLogFixture(
            "GET / HTTP/1.1\r\nHost: a\r\nAccept: v\r\nX-Other: v\r\nX-Third: w\r\n", response: nil)
        it.fields = AccessLogFixture.keepingHeaders("redact", ["accept": "drop", "X-Other": "drop"])
        it.fields?.defaultMode = "drop"
        #expect(
            it.json() == #"{"level":"info","msg":"","request_X-Third":"REDACTED","time":"2026-11-21T08:34:06+05:30"}"#)
    }

    @Test(
        arguments: [
            ("keep", "/x?a=1"), ("drop", "/x"), ("redact", "/x?a=1"), ("bogus", "/x?a=1"),
        ])
    func modesOfTheQuery(mode: String, path: String) {
        var it = AccessLogFixture("GET /x?a=1 HTTP/1.1\r\nHost: a\r\n", response: nil)
        it.fields = AccessLogFixture.only("RequestPath")
        it.fields?.queryParameters = AccessLogQueryOptions()
        it.fields?.queryParameters?.defaultMode = mode
        #expect(
            it.json() == #"{"RequestPath":"\#(path)","level":"info","msg":"","time":"2026-11-21T08:34:06+05:30"}"#)
        #expect(it.common() == #"- - - [-] "- \#(path) -" - - "-" "-" - "-" "-" 0ms"#)
    }

    @Test func aQueryThatIsEmptyKeepsItsMark() {
        var it = AccessLogFixture("GET /x? HTTP/1.1\r\nHost: a\r\n", response: nil)
        it.fields = AccessLogFixture.only("RequestPath")
        #expect(it.common() == #"- - - [-] "- /x? -" - - "-" "-" - "-" "-" 0ms"#)
    }
}
