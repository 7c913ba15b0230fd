import MartinetHTTP
import NIOCore
import Testing

/// Parses `text` as one request, body included, and tells how it ended: a status, or 200; 0 when it has not ended.
private func outcome(_ text: String) -> UInt16 {
    RequestOutcome.status(of: Array(text.utf8))
}

struct Row: Sendable, CustomTestStringConvertible {
    let label: String
    let text: String
    let status: UInt16

    init(_ label: String, _ text: String, _ status: UInt16) {
        self.label = label
        self.text = text
        self.status = status
    }

    var testDescription: String { label }
}

@Suite struct RequestFramingTests {
    private static func post(_ rest: String) -> String { "POST /x HTTP/1.1\r\nHost: a.test\r\n" + rest }

    static let rows: [Row] = [
        Row("F1 length and chunked", post("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG"), 400),
        Row("F1 chunked and length", post("Transfer-Encoding: chunked\r\nContent-Length: 6\r\n\r\n0\r\n\r\nG"), 400),
        Row("F2 two lengths", post("Content-Length: 5\r\nContent-Length: 10\r\n\r\nhello"), 400),
        Row("F3 the same length twice", post("Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello"), 400),
        Row("F3 a list of lengths", post("Content-Length: 5, 5\r\n\r\nhello"), 400),
        Row("F4 a plus sign", post("Content-Length: +5\r\n\r\nhello"), 400),
        Row("F4 a minus sign", post("Content-Length: -5\r\n\r\nhello"), 400),
        Row("F4 hexadecimal", post("Content-Length: 0x5\r\n\r\nhello"), 400),
        Row("F4 an underscore", post("Content-Length: 5_0\r\n\r\nhello"), 400),
        Row("F4 empty", post("Content-Length: \r\n\r\nhello"), 400),
        Row("F4 beyond 64 bits", post("Content-Length: 18446744073709551621\r\n\r\nhello"), 400),
        Row("F5 a leading zero", post("Content-Length: 05\r\n\r\nhello"), 400),
        Row("F6 xchunked", post("Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"), 501),
        Row("F6 chunked, identity", post("Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n"), 501),
        Row("F6 gzip, chunked", post("Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"), 501),
        Row("F6 ,chunked", post("Transfer-Encoding: ,chunked\r\n\r\n0\r\n\r\n"), 501),
        Row("F6 quoted", post("Transfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n"), 501),
        Row("F6 two lines", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 501),
        Row("F7 vertical tab", post("Transfer-Encoding: \u{0B}chunked\r\n\r\n0\r\n\r\n"), 400),
        Row("F7 letter case", post("Transfer-Encoding: ChUnKeD\r\n\r\n0\r\n\r\n"), 200),
        Row("F8 folded", post("Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n"), 400),
        Row("F9 space before the colon", post("Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n"), 400),
        Row("F10 underscore", post("Transfer_Encoding: chunked\r\nContent-Length: 5\r\n\r\nhello"), 400),
        Row("F11 empty coding and length", post("Transfer-Encoding: \r\nContent-Length: 5\r\n\r\nhello"), 400),
        Row("F12 chunked in HTTP/1.0", "POST /x HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        Row("F13 0x in a chunk size", post("Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n"), 400),
        Row("F13 a sign in a chunk size", post("Transfer-Encoding: chunked\r\n\r\n+5\r\nhello\r\n0\r\n\r\n"), 400),
        Row("F13 a space before a chunk size", post("Transfer-Encoding: chunked\r\n\r\n 5\r\nhello\r\n0\r\n\r\n"), 400),
        Row(
            "F13 a chunk of 2^64", post("Transfer-Encoding: chunked\r\n\r\n10000000000000005\r\nhello\r\n0\r\n\r\n"),
            400),
        Row("F15 a space after a chunk size", post("Transfer-Encoding: chunked\r\n\r\n5 \r\nhello\r\n0\r\n\r\n"), 400),
        Row("F16 a bare LF after a chunk size", post("Transfer-Encoding: chunked\r\n\r\n5\nhello\r\n0\r\n\r\n"), 400),
        Row("F16 a bare LF after an extension", post("Transfer-Encoding: chunked\r\n\r\n5;a\nhello\r\n0\r\n\r\n"), 400),
        Row("F17 CR inside an extension", post("Transfer-Encoding: chunked\r\n\r\n5;a\rX\r\nhello\r\n0\r\n\r\n"), 400),
        Row("F18 chunk data ended by LF", post("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\n0\r\n\r\n"), 400),
        Row("F18 chunk data too long", post("Transfer-Encoding: chunked\r\n\r\n5\r\nhello!!\r\n0\r\n\r\n"), 400),
        Row("F19 NUL in an extension", post("Transfer-Encoding: chunked\r\n\r\n5;\u{0}a\r\nhello\r\n0\r\n\r\n"), 400),
        Row("F19 a lone semicolon", post("Transfer-Encoding: chunked\r\n\r\n5;\r\nhello\r\n0\r\n\r\n"), 400),
        Row("F19 a good extension", post("Transfer-Encoding: chunked\r\n\r\n5;a=b\r\nhello\r\n0\r\n\r\n"), 200),
        Row("F22 a request inside a GET body", "GET /x HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nGET /smug", 200),
        Row("F24 an expectation that is prefixed", post("Expect: y 100-continue\r\nContent-Length: 0\r\n\r\n"), 417),
        Row("F24 an expectation in two lines", post("Expect: 100-continue\r\nExpect: 100-continue\r\n\r\n"), 417),
        Row("F24 two expectations", post("Expect: 100-continue, 100-continue\r\n\r\n"), 417),
        Row("F24 an empty expectation", post("Expect:\r\n\r\n"), 417),
        Row("F24 the known expectation", post("Expect: 100-Continue\r\nContent-Length: 0\r\n\r\n"), 200),
        Row("F24 an unknown expectation", post("Expect: 200-ok\r\nContent-Length: 0\r\n\r\n"), 417),
        Row("F24 an unknown expectation in HTTP/1.0", "GET / HTTP/1.0\r\nExpect: 200-ok\r\n\r\n", 417),
        Row("a plain length", post("Content-Length: 5\r\n\r\nhello"), 200),
        Row("a plain chunked body", post("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n"), 200),
    ]

    @Test(arguments: rows) func framingIsReadInOneWayOrRefused(_ row: Row) {
        #expect(outcome(row.text) == row.status)
    }

    /// F25: a hundred requests in one read, every third with a body, come out in order and to the last byte.
    @Test func pipelinedRequestsAreTakenOneByOne() {
        var buffer = ByteBuffer()
        for number in 0..<100 {
            let body = number % 3 == 0 ? "GET /smug HTTP/1.1\r\n\r\n" : ""
            buffer.writeString(
                "POST /\(number) HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
        }
        var parser = HTTP1RequestParser(limits: HTTP1Limits())
        var head = RequestHead()
        for number in 0..<100 {
            guard case .head = parser.parse(&buffer, into: &head) else { return #expect(Bool(false), "\(number)") }
            #expect(head.pathString == "/\(number)")
            var decoder = HTTP1BodyDecoder(framing: head.framing)
            while case .data = decoder.next(&buffer) {}
            #expect(decoder.isComplete)
        }
        #expect(buffer.readableBytes == 0)
    }

    @Test func tinyChunksWithLongExtensionsAreRefused() {
        var text = Self.post("Transfer-Encoding: chunked\r\n\r\n")
        for _ in 0..<1000 { text += "1;" + String(repeating: "a", count: 100) + "\r\nx\r\n" }
        #expect(outcome(text + "0\r\n\r\n") == 400)
    }
}

@Suite struct RequestSyntaxTests {
    private static func get(_ rest: String) -> String { "GET / HTTP/1.1\r\nHost: a.test\r\n" + rest + "\r\n" }
    private static func repeated(_ item: String, _ count: Int) -> String {
        Array(repeating: item, count: count).joined(separator: ",")
    }
    private static func target(_ target: String) -> String { "GET \(target) HTTP/1.1\r\nHost: a.test\r\n\r\n" }

    static let rows: [Row] = [
        Row("S1 bare LF everywhere", "GET / HTTP/1.1\nHost: a.test\n\n", 400),
        Row("S1 one bare LF", "GET / HTTP/1.1\r\nHost: a.test\nX: y\r\n\r\n", 400),
        Row("S2 bare CR in a value", get("A: b\rC: d\r\n"), 400),
        Row("S3 NUL in a value", get("A: b\u{0}c\r\n"), 400),
        Row("S3 0x01 in a value", get("A: b\u{1}c\r\n"), 400),
        Row("S4 a folded line", get("A: b\r\n c\r\n"), 400),
        Row("S5 space before the colon", get("A : b\r\n"), 400),
        Row("S5 space before the first header", "GET / HTTP/1.1\r\n Host: a.test\r\n\r\n", 400),
        Row("S5 an empty name", get(": x\r\n"), 400),
        Row("S5 no colon", get("nothing\r\n"), 400),
        Row("S5 a parenthesis in a name", get("A(: b\r\n"), 400),
        Row("S6 no Host", "GET / HTTP/1.1\r\n\r\n", 400),
        Row("S6 two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
        Row("S6 a list of hosts", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400),
        Row("S6 a path in Host", "GET / HTTP/1.1\r\nHost: a/evil\r\n\r\n", 400),
        Row("S6 an empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400),
        Row("S6 no Host in HTTP/1.0", "GET / HTTP/1.0\r\n\r\n", 200),
        Row("S7 userinfo in Host", "GET / HTTP/1.1\r\nHost: u@a.test\r\n\r\n", 400),
        Row("S9 ftp", target("ftp://a/x"), 400),
        Row("S9 GET *", target("*"), 400),
        Row("S9 no slash", target("admin"), 400),
        Row("S9 authority form", target("a:80"), 400),
        Row("S9 OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n", 200),
        Row("an opaque target", target("http:a/b"), 400),
        Row("S11 a fragment", target("/x#frag"), 400),
        Row("S11 a fragment behind a query", target("/x?a#frag"), 400),
        Row("S11 a fragment in an absolute target", target("http://a.test/x?a#frag"), 400),
        Row("S11 a fragment behind a host", target("http://a.test#frag"), 400),
        Row("S11 an encoded number sign", target("/x%23y?z%23"), 200),
        Row("S12 a tab", target("/a\tb"), 400),
        Row("S12 a space", target("/a b"), 400),
        Row("S13 beyond ASCII", target("/é"), 400),
        Row("S18 HTTP/1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", 200),
        Row("S18 HTTP/2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
        Row("S18 HTTP/01.1", "GET / HTTP/01.1\r\nHost: a\r\n\r\n", 400),
        Row("S18 lower case", "GET / http/1.1\r\nHost: a\r\n\r\n", 400),
        Row("S18 no version", "GET /\r\nHost: a\r\n\r\n", 400),
        Row("S19 two spaces", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        Row("S19 one empty line first", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 200),
        Row("S19 two empty lines first", "\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        Row("S19 a parenthesis in the method", "G(T / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        Row("S19 a method in lower case", "get / HTTP/1.1\r\nHost: a\r\n\r\n", 200),
        Row("S20 a header of 64 KiB", get("A: " + String(repeating: "b", count: 65536) + "\r\n"), 431),
        Row("S20 2000 headers", get(String(repeating: "A: b\r\n", count: 2000)), 431),
        Row("S20 190 headers", get(String(repeating: "A: b\r\n", count: 190)), 200),
        Row("S20 a target of 33 KiB", target("/" + String(repeating: "a", count: 33_000)), 414),
        Row("S21 100 connection options", get("Connection: " + repeated("x", 100) + "\r\n"), 200),
        Row("S21 101 connection options", get("Connection: " + repeated("x", 101) + "\r\n"), 400),
        Row(
            "S21 101 connection options in two lines",
            get("Connection: " + repeated("x", 50) + "\r\nConnection: " + repeated("x", 51) + "\r\n"), 400),
        Row("a plain request", get("Accept: */*\r\n"), 200),
    ]

    @Test(arguments: rows) func syntaxIsStrict(_ row: Row) {
        #expect(outcome(row.text) == row.status)
    }

    @Test func theAuthorityOfAnAbsoluteTargetStandsForHost() {
        var buffer = ByteBuffer(string: "GET http://b.test:81/x?y=1 HTTP/1.1\r\nHost: a.test\r\n\r\n")
        var parser = HTTP1RequestParser(limits: HTTP1Limits())
        var head = RequestHead()
        guard case .head = parser.parse(&buffer, into: &head) else { return #expect(Bool(false), "refused") }
        #expect(head.hostString == "b.test:81")
        #expect(head.requestURI == "/x?y=1")
    }

    /// Servers are spoken to in HTTP/1.1, where the expectation would count again.
    @Test func anExpectationInHTTP10IsDropped() {
        var buffer = ByteBuffer(string: "POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n")
        var parser = HTTP1RequestParser(limits: HTTP1Limits())
        var head = RequestHead()
        guard case .head = parser.parse(&buffer, into: &head) else { return #expect(Bool(false), "refused") }
        let expectation = (waits: head.expectsContinue, passed: head.headers.contains(.expect))
        #expect(expectation == (waits: false, passed: false))
    }

    @Test func oneEmptyLineIsPassedOverHoweverItIsCut() {
        for lines in 0...2 {
            let bytes = Array((String(repeating: "\r\n", count: lines) + "GET / HTTP/1.0\r\n\r\n").utf8)
            var parser = HTTP1RequestParser(limits: HTTP1Limits())
            var head = RequestHead()
            var buffer = ByteBuffer()
            var accepted = false
            for byte in bytes {
                buffer.writeInteger(byte)
                if case .head = parser.parse(&buffer, into: &head) { accepted = true }
            }
            #expect(accepted == (lines < 2), "\(lines) empty lines")
        }
    }

    /// S24 and S25: what may become a tunnel. Upgrading to h2c would open a second, unwatched road to the server.
    @Test(arguments: [
        ("Connection: Upgrade\r\nUpgrade: websocket\r\n", true),
        ("Connection: keep-alive, UPGRADE\r\nUpgrade: foo\r\n", true),
        ("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAM\r\n", false),
        ("Connection: Upgrade\r\nUpgrade: websocket, H2C\r\n", false), ("Connection: Upgrade\r\n", false),
        ("Upgrade: websocket\r\n", false), ("Connection: Upgrade\r\nUpgrade: foo\r\nContent-Length: 1\r\n", false),
        ("Connection: Upgrade\r\nUpgrade: foo\r\nTransfer-Encoding: chunked\r\n", false),
    ])
    func upgradesAreWantedOnlyByWhoSaysSoProperly(_ lines: String, _ wants: Bool) {
        var buffer = ByteBuffer(string: Self.get(lines))
        var parser = HTTP1RequestParser(limits: HTTP1Limits())
        var head = RequestHead()
        guard case .head = parser.parse(&buffer, into: &head) else { return #expect(Bool(false), "refused") }
        #expect(head.wantsUpgrade == wants)
    }

    /// However a message is cut into reads, it is read the same.
    @Test func splittingChangesNothing() {
        let text = "POST /a%20b?c HTTP/1.1\r\nHost: a.test\r\nX-A: 1\r\nTransfer-Encoding: chunked\r\n\r\n"
        let bytes = Array(text.utf8)
        for cut in 1..<bytes.count {
            var parser = HTTP1RequestParser(limits: HTTP1Limits())
            var head = RequestHead()
            var buffer = ByteBuffer(bytes: bytes[..<cut])
            guard case .needMore = parser.parse(&buffer, into: &head) else {
                #expect(Bool(false), "whole after \(cut) bytes")
                continue
            }
            buffer.writeBytes(bytes[cut...])
            guard case .head = parser.parse(&buffer, into: &head) else {
                #expect(Bool(false), "not whole, cut at \(cut)")
                continue
            }
            #expect(head.framing == .chunked)
            #expect(head.headers.count == 3)
        }
    }
}
