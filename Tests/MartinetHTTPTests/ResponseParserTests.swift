import MartinetHTTP
import NIOCore
import Testing

@Suite struct ResponseParserTests {
    /// What the parser found out about the end of an answer.
    private struct Framing: Equatable {
        var framing: BodyFraming
        var keepAlive: Bool
    }

    /// How an answer was read.
    private enum Outcome: Equatable {
        case waits
        case refused
        case head(Framing)
    }

    private func parse(_ text: String, method: HTTPMethod = .get) -> Framing? {
        if case .head(let framing) = outcome([Array(text.utf8)[...]], method) { return framing }
        return nil
    }

    private func outcome(_ reads: [ArraySlice<UInt8>], _ method: HTTPMethod = .get) -> Outcome {
        var buffer = ByteBuffer()
        var parser = HTTP1ResponseParser(limits: HTTP1Limits())
        var head = ResponseHead()
        for read in reads {
            buffer.writeBytes(read)
            switch parser.parse(&buffer, into: &head, requestMethod: method) {
            case .needMore: continue
            case .refused: return .refused
            case .head: return .head(Framing(framing: head.framing, keepAlive: head.keepAlive))
            }
        }
        return .waits
    }

    static let hostile = [
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, chunked\r\n\r\n",
        "HTTP/1.1 200 O\u{0}K\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b\u{0}\r\n\r\n", "HTTP/1.1 200 OK\nA: b\n\n",
        "HTTP/1.1 103 Early\r\nContent-Length: 5\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/2.0 200 OK\r\n\r\n",
        "ICY 200 OK\r\n\r\n",
    ]

    @Test(arguments: hostile) func hostileAnswersAreRefused(_ text: String) {
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

    /// Nothing may stand before an answer, so all that begins with an empty line is refused.
    @Test(arguments: ["", "\r\n", "\r", "\n", "\r\n\r\n", "\r\n\n"])
    func everyAnswerIsReadTheSameWhereverItIsCut(_ beginning: String) {
        let good = ["HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "HTTP/1.0 404 \r\nA: b\r\n\r\n"]
        for text in Self.hostile + good {
            let bytes = Array((beginning + text).utf8)
            let whole = outcome([bytes[...]])
            if !beginning.isEmpty { #expect(whole == .refused, "\(text)") }
            for cut in 1..<bytes.count {
                #expect(outcome([bytes[..<cut], bytes[cut...]]) == whole, "\(text), cut at \(cut)")
            }
        }
    }
}
