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

    private static func ok(_ lines: String) -> String { "HTTP/1.1 200 OK\r\n" + lines + "\r\n" }

    static let refused: [Row] = [
        Row("R1 length and chunked", ok("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 502),
        Row("R1 two lengths", ok("Content-Length: 5\r\nContent-Length: 6\r\n"), 502),
        Row("R1 the same length twice", ok("Content-Length: 5\r\nContent-Length: 5\r\n"), 502),
        Row("R1 a signed length", ok("Content-Length: +5\r\n"), 502),
        Row("R1 a length with a leading zero", ok("Content-Length: 05\r\n"), 502),
        Row("R1 an empty length", ok("Content-Length:\r\n"), 502),
        Row("R1 gzip as transfer coding", ok("Transfer-Encoding: gzip\r\n"), 502),
        Row("R1 chunked twice", ok("Transfer-Encoding: chunked, chunked\r\n"), 502),
        Row("R1 chunked in two lines", ok("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 502),
        Row("R1 chunked in HTTP/1.0", "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", 502),
        Row("R1 a folded transfer coding", ok("Transfer-Encoding:\r\n chunked\r\n"), 502),
        Row("R1 an underscore in a framing header", ok("Transfer_Encoding: chunked\r\n"), 502),
        Row("R3 an interim answer with a length", "HTTP/1.1 103 Early\r\nContent-Length: 5\r\n\r\n", 502),
        Row("R3 a chunked interim answer", "HTTP/1.1 100 Go\r\nTransfer-Encoding: chunked\r\n\r\n", 502),
        Row("R4 a header of 1 MiB", ok("A: " + String(repeating: "b", count: 1 << 20) + "\r\n"), 502),
        Row("R4 10,000 headers", ok(String(repeating: "A: b\r\n", count: 10_000)), 502),
        Row("R4 a head without end", "HTTP/1.1 200 OK\r\nA: " + String(repeating: "b", count: 1 << 20), 502),
        Row("R5 NUL in the reason", "HTTP/1.1 200 O\u{0}K\r\n\r\n", 502),
        Row("R5 CR in the reason", "HTTP/1.1 200 O\rK\r\n\r\n", 502),
        Row("R5 NUL in a value", ok("A: b\u{0}\r\n"), 502),
        Row("R5 CR in a value", ok("A: b\rC: d\r\n"), 502),
        Row("R6 bare line feeds", "HTTP/1.1 200 OK\nA: b\n\n", 502),
        Row("R6 one bare line feed", "HTTP/1.1 200 OK\r\nA: b\n\r\n", 502),
        Row("a status of two digits", "HTTP/1.1 20 OK\r\n\r\n", 502),
        Row("a status below 100", "HTTP/1.1 099 OK\r\n\r\n", 502),
        Row("HTTP/2.0", "HTTP/2.0 200 OK\r\n\r\n", 502),
        Row("another protocol", "ICY 200 OK\r\n\r\n", 502),
    ]

    @Test(arguments: refused) func hostileAnswersAreRefused(_ row: Row) {
        #expect(outcome([Array(row.text.utf8)[...]]) == .refused)
    }

    /// R3: whatever such an answer says of its length, what follows it is another matter.
    @Test(arguments: [(204, HTTPMethod.get), (304, .get), (200, .head), (404, .head)])
    func answersWithoutBodyHaveNone(_ status: Int, _ method: HTTPMethod) {
        for framing in ["Content-Length: 4\r\n", "Transfer-Encoding: chunked\r\n", ""] {
            let parsed = parse("HTTP/1.1 \(status) X\r\n\(framing)\r\nevil", method: method)
            #expect(parsed == Framing(framing: .none, keepAlive: true), "\(framing)")
        }
    }

    /// R7: an answer that is cut short never looks whole.
    @Test(arguments: [
        (BodyFraming.length(10), "short"), (.chunked, "5\r\nhel"), (.chunked, "5\r\nhello\r\n"),
        (.chunked, "5\r\nhello\r\n0\r\n"),
        (.chunked, "5\r\nhello\r\n0\r\nX-Sum: a\r\n"), (.chunked, ""), (.length(1), ""),
    ])
    func bodiesCutShortAreNotComplete(_ framing: BodyFraming, _ text: String) {
        var buffer = ByteBuffer(string: text)
        var decoder = HTTP1BodyDecoder(framing: framing, trailers: .response)
        while case .data = decoder.next(&buffer) {}
        #expect(!decoder.isComplete)
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
        let hostile = Self.refused.map(\.text).filter { $0.utf8.count < 200 }
        for text in hostile + good {
            let bytes = Array((beginning + text).utf8)
            let whole = outcome([bytes[...]])
            if !beginning.isEmpty { #expect(whole == .refused, "\(text)") }
            for cut in 1..<bytes.count {
                #expect(outcome([bytes[..<cut], bytes[cut...]]) == whole, "\(text), cut at \(cut)")
            }
        }
    }
}
