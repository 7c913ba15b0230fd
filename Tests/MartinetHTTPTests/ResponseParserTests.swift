import MartinetHTTP
import NIOCore
import Testing

@Suite struct ResponseParserTests {
    /// What the parser found out about the end of an answer.
    private struct Framing: Equatable {
        var framing: BodyFraming
        var keepAlive: Bool
    }

    private func parse(_ text: String, method: HTTPMethod = .get) -> Framing? {
        var buffer = ByteBuffer(string: text)
        var parser = HTTP1ResponseParser(limits: HTTP1Limits())
        var head = ResponseHead()
        if case .head = parser.parse(&buffer, into: &head, requestMethod: method) {
            return Framing(framing: head.framing, keepAlive: head.keepAlive)
        }
        return nil
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n",
        "HTTP/1.1 200 O\u{0}K\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b\u{0}\r\n\r\n", "HTTP/1.1 200 OK\nA: b\n\n",
        "HTTP/1.1 103 Early\r\nContent-Length: 5\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/2.0 200 OK\r\n\r\n",
        "ICY 200 OK\r\n\r\n",
    ])
    func hostileAnswersAreRefused(_ text: String) {
        #expect(parse(text) == nil)
    }

    @Test func framingFollowsMethodAndStatus() {
        #expect(parse("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")?.framing == .length(5))
        #expect(parse("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", method: .head)?.framing == BodyFraming.none)
        #expect(parse("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n")?.framing == BodyFraming.none)
        #expect(parse("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?.framing == .chunked)
        #expect(parse("HTTP/1.1 200 OK\r\n\r\n")?.framing == .untilClose)
        #expect(parse("HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\n")?.keepAlive == false)
    }
}
