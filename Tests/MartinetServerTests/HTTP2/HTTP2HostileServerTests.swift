import MartinetHTTP
import NIOCore
import Testing

@testable import MartinetServer

/// Servers that break the rules of HTTP/2 or send without end: their client is told, and the next one is served.
@Suite struct HTTP2HostileServerTests {
    enum Outcome: Sendable {
        /// The client gets a 500.
        case refused
        /// The client gets this answer and nothing behind it.
        case body(String)
        /// The client's answer breaks off, and this is not in it.
        case cut(String)
    }

    struct Row: Sendable, CustomTestStringConvertible {
        let label: String
        /// What the server sends instead of an answer, given the request's stream.
        let frames: @Sendable (UInt32) -> [UInt8]
        let outcome: Outcome
        var testDescription: String { label }

        init(_ label: String, _ outcome: Outcome, _ frames: @escaping @Sendable (UInt32) -> [UInt8]) {
            self.label = label
            self.frames = frames
            self.outcome = outcome
        }
    }

    private static func again(_ count: Int, _ frame: [UInt8]) -> [UInt8] {
        Array(repeatElement(frame, count: count).joined())
    }

    private static func head(
        _ stream: UInt32, _ status: String = "200", _ fields: HTTP2Frames.Fields = [], end: Bool = false
    ) -> [UInt8] {
        HTTP2Frames.headers(stream, [(":status", status)] + fields, end: end)
    }

    static let rows: [Row] = [
        Row("interim answers without end", .refused) { again(17, head($0, "103")) + head($0, end: true) },
        Row("PING without end", .refused) { _ in
            again(20_000, HTTP2Frames.frame(6, 0, 0, [UInt8](repeating: 1, count: 8)))
        },
        Row("SETTINGS without end", .refused) { _ in again(20_000, HTTP2Frames.settings()) },
        Row("CONTINUATION without end", .refused) {
            HTTP2Frames.frame(1, 0, $0, [0x88]) + again(20, HTTP2Frames.frame(9, 0, $0, [0x88]))
        },
        Row("PUSH_PROMISE", .refused) {
            HTTP2Frames.frame(5, 4, $0, HTTP2Frames.int(2) + HTTP2Frames.block(HTTP2Frames.request()))
        },
        Row("an answer to nothing", .refused) { head($0 + 2, end: true) },
        Row("a window of the connection beyond 2^31-1", .refused) { _ in HTTP2Frames.windowUpdate(0, 0x7FFF_FFFF) },
        Row("a window of 0", .refused) { HTTP2Frames.windowUpdate($0, 0) },
        Row("a field block that is none", .refused) { HTTP2Frames.frame(1, 5, $0, [0x80]) },
        Row("GOAWAY with an even stream", .body("late")) {
            HTTP2Frames.frame(7, 0, 0, HTTP2Frames.int($0 + 1) + HTTP2Frames.int(0))
                + head($0, "200", [("content-length", "4")]) + HTTP2Frames.data($0, "late", end: true)
        },
        Row("DATA behind the end", .body("ok")) {
            head($0, "200", [("content-length", "2")]) + HTTP2Frames.data($0, "ok", end: true)
                + HTTP2Frames.data($0, "more")
        },
        Row("HEADERS behind the end", .body("ok")) {
            head($0, "200", [("content-length", "2")]) + HTTP2Frames.data($0, "ok", end: true) + head($0, "404")
        },
        Row("a body longer than its length", .cut("hello")) {
            head($0, "200", [("content-length", "2")]) + HTTP2Frames.data($0, "hello", end: true)
        },
        Row("a body shorter than its length", .cut("\r\n0\r\n")) {
            head($0, "200", [("content-length", "10")]) + HTTP2Frames.data($0, "hello", end: true)
        },
        Row("a pseudo-header in trailers", .cut("\r\n0\r\n")) {
            head($0) + HTTP2Frames.data($0, "hello") + head($0, "200", end: true)
        },
        Row("empty DATA without end", .cut("\r\n0\r\n")) { head($0) + again(5000, HTTP2Frames.data($0, "")) },
    ]

    @Test(arguments: rows) func whatServersMustNotDoHarmsNobodyElse(_ row: Row) async throws {
        let server = try await ScriptedHTTP2Server.start { turn, event in
            guard case .request(let id, _) = event else { return }
            if turn.takeRequest().pathString == "/fine" { return turn.answer(id, body: "fine") }
            turn.write { _, out in _ = out.writeBytes(row.frames(id.number)) }
        }
        try await LiveProxy.with(address: "h2c://127.0.0.1:\(server.port)") { proxy in
            let client = try await proxy.connect()
            try await client.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n")
            switch row.outcome {
            case .refused:
                #expect(try await client.expect("Internal Server Error", times: 2).contains("HTTP/1.1 500 "))
            case .body(let text):
                #expect(try await client.expect("\r\n\r\n\(text)").hasSuffix("\r\n\r\n\(text)"))
            case .cut(let text):
                #expect(!(try await client.all().contains(text)))
            }
            let next = try await proxy.connect()
            try await next.send("GET /fine HTTP/1.1\r\nHost: a.test\r\n\r\n")
            try await next.expect("fine\r\n")
            try await client.close()
            try await next.close()
        }
        try await server.stop()
    }

    /// RFC 9113 §8.1: a server that knows its answer need not hear the rest of the question.
    @Test func anAnswerMayComeBeforeTheRequestHasEnded() async throws {
        let server = try await ScriptedHTTP2Server.start { turn, event in
            guard case .request(let id, let end) = event else { return }
            _ = turn.takeRequest()
            turn.answer(id, status: end ? 200 : 413, body: end ? "fine" : "too much")
            turn.write { session, out in session.reset(id, .noError, into: &out) }
        }
        try await LiveProxy.with(address: "h2c://127.0.0.1:\(server.port)") { proxy in
            let client = try await proxy.connect()
            try await client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 1000000\r\n\r\nbegun")
            #expect(try await client.expect("too much").hasPrefix("HTTP/1.1 413 "))
            let next = try await proxy.connect()
            try await next.send("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n")
            try await next.expect("fine\r\n")
            #expect(server.connections == 1)
            try await client.close()
            try await next.close()
        }
        try await server.stop()
    }
}
