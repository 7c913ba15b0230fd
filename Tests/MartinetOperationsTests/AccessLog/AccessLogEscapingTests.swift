import MartinetConfig
import MartinetCore
import NIOCore
import Testing

@testable import MartinetOperations

@Suite struct AccessLogEscapingTests {
    private func json(_ bytes: [UInt8]) -> [UInt8] {
        var out = ByteBuffer()
        bytes.withUnsafeBytes { out.writeJSONEscaped($0) }
        return Array(out.readableBytesView)
    }

    private func common(_ bytes: [UInt8]) -> [UInt8] {
        var out = ByteBuffer()
        bytes.withUnsafeBytes { out.writeCommonEscaped($0) }
        return Array(out.readableBytesView)
    }

    @Test(
        arguments: [
            ("plain", "plain"),
            ("", ""),
            ("\"\\", #"\"\\"#),
            ("\u{8}\t\n\u{C}\r", #"\b\t\n\f\r"#),
            ("\u{0}\u{1}\u{1F}", #"\u0000\u0001\u001f"#),
            ("\u{7F}/'", "\u{7F}/'"),
            ("<&>", #"\u003c\u0026\u003e"#),
            ("é 😀 \u{2027}", "é 😀 \u{2027}"),
            ("a\u{2028}b\u{2029}", #"a\u2028b\u2029"#),
        ])
    func inJSON(text: String, escaped: String) {
        #expect(json(Array(text.utf8)) == Array(escaped.utf8))
    }

    @Test(
        arguments: [
            ([0xFF], 1),
            ([0x80], 1),
            ([0xE9, 0x20], 1),
            // A surrogate, a longer form than needed, beyond the last code point.
            ([0xED, 0xA0, 0x80], 3),
            ([0xC0, 0xAF], 2),
            ([0xE0, 0x80, 0x80], 3),
            ([0xF4, 0x90, 0x80, 0x80], 4),
            // Cut short at the end.
            ([0xF0, 0x9F], 2),
            ([0xE2, 0x80], 2),
            ([0xC3], 1),
        ] as [([UInt8], Int)])
    func bytesThatAreNoUTF8AreReplacedOneByOne(bytes: [UInt8], count: Int) {
        let rest = bytes.filter { $0 < 0x80 }
        #expect(json(bytes) == Array(repeating: Array("\\ufffd".utf8), count: count).flatMap { $0 } + rest)
    }

    @Test(
        arguments: [
            ("plain é", "plain é"),
            ("a\"b", #"a\"b"#),
            ("a\\", #"a\\"#),
            ("a\r\nb\u{0}\u{7F}", #"a\x0d\x0ab\x00\x7f"#),
        ])
    func inTheCommonFormat(text: String, escaped: String) {
        #expect(common(Array(text.utf8)) == Array(escaped.utf8))
    }

    @Test func foreignBytesPassThroughTheCommonFormat() {
        #expect(common([0xFF, 0x22]) == [0xFF, 0x5C, 0x22])
    }

    @Test func aHostileHeaderCannotEndTheLine() {
        var it = AccessLogFixture(
            "GET / HTTP/1.1\r\nHost: a\r\nX-Bin: caf\u{E9} \u{FF} \u{9}\"<\u{E2}\u{80}\u{A8}\r\n", response: nil)
        it.fields = AccessLogFixture.keepingHeaders()
        it.fields?.defaultMode = "drop"
        #expect(
            it.json() == #"{"level":"info","msg":"","request_X-Bin":"caf\ufffd \ufffd \t\"\u003c\u2028","#
                + #""time":"2026-11-21T08:34:06+05:30"}"#)
    }

    @Test func aHostileNameOfAUserCannotEndTheLine() {
        var it = AccessLogFixture(response: nil)
        it.exchange.userName = "a\n\"\u{1}b"
        it.fields = AccessLogFixture.only("ClientUsername")
        #expect(
            it.json()
                == #"{"ClientUsername":"a\n\"\u0001b","level":"info","msg":"","time":"2026-11-21T08:34:06+05:30"}"#)
        #expect(it.common() == #"- - a\x0a\"\x01b [-] "- - -" - - "-" "-" - "-" "-" 0ms"#)
    }
}
