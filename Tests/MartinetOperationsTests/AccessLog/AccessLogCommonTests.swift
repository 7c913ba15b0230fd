import MartinetConfig
import MartinetCore
import Testing

@testable import MartinetOperations

@Suite struct AccessLogCommonTests {
    private let agent = "GET /x?a=1 HTTP/1.1\r\nHost: a\r\nUser-Agent: u \"q\"\r\nReferer: http://r/\r\n"

    @Test func headersAreDroppedUnlessTheyAreAskedFor() {
        let it = AccessLogFixture(agent)
        #expect(
            it.common()
                == #"127.0.0.1 - - [21/Nov/2026:03:04:05 +0000] "GET /x?a=1 HTTP/1.1" 200 5 "-" "-" 7 "app@file" "#
                + #""http://10.0.0.1:8080" 1500ms"#)
    }

    @Test func theGenericFormEndsAfterTheAgent() {
        var it = AccessLogFixture(agent)
        it.fields = AccessLogFixture.keepingHeaders("keep", ["referer": "redact"])
        #expect(
            it.common(generic: true)
                == #"127.0.0.1 - - [21/Nov/2026:03:04:05 +0000] "GET /x?a=1 HTTP/1.1" 200 5 "REDACTED" "u \"q\"""#)
    }

    @Test func statusAndSizeAreTheClients() {
        var it = AccessLogFixture()
        it.figures.originStatus = 502
        it.figures.originBytes = 99
        it.fields = AccessLogFixture.only("DownstreamStatus", "DownstreamContentSize", "OriginStatus")
        #expect(it.common() == #"- - - [-] "- - -" 200 5 "-" "-" - "-" "-" 0ms"#)
    }

    @Test func droppedFieldsAreDashes() {
        var it = AccessLogFixture(agent)
        it.fields = AccessLogFixture.only()
        #expect(it.common() == #"- - - [-] "- - -" - - "-" "-" - "-" "-" 0ms"#)
    }

    @Test func withoutStartUTCTheTimeIsLocal() {
        var it = AccessLogFixture()
        it.fields = AccessLogFixture.only("StartLocal")
        #expect(it.common() == #"- - - [21/Nov/2026:08:34:05 +0530] "- - -" - - "-" "-" - "-" "-" 0ms"#)
    }

    @Test func aUserWithoutNameIsADash() {
        let it = AccessLogFixture(response: nil)
        it.exchange.userName = ""
        it.exchange.routerName = ""
        #expect(
            it.common()
                == #"127.0.0.1 - - [21/Nov/2026:03:04:05 +0000] "GET /x HTTP/1.1" 200 5 "-" "-" 7 "-" "-" 1500ms"#)
    }
}
