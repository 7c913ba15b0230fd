import MartinetHTTP
import NIOCore
import Testing

@testable import MartinetServer

/// HTTP/2 from a client, by prior knowledge, to an HTTP/1 server.
@Suite struct HTTP2ConnectionTests {
    /// Answers `/N` with N bytes, and a request with a body with its length in the answer's.
    private static let origin = ScriptedOrigin {
        return { received in
            var replies: [WireRecorder.Reply] = []
            while let end = String(buffer: received).firstRange(of: "\r\n\r\n") {
                let text = String(buffer: received)
                let head = text[..<end.upperBound]
                var count = Int(head.split(separator: " ")[1].dropFirst()) ?? 0
                if head.hasPrefix("POST ") {
                    guard text.hasSuffix("0\r\n\r\n") else { return replies }
                    count = String(text[end.upperBound...]).components(of: "x")
                    received.clear()
                } else {
                    received.moveReaderIndex(forwardBy: head.utf8.count)
                }
                replies.append(
                    .text("HTTP/1.1 200 OK\r\nContent-Length: \(count)\r\n\r\n" + String(repeating: "y", count: count)))
            }
            return replies
        }
    }

    @Test func manyStreamsAreAnsweredAtOnce() async throws {
        try await LiveProxy.with(origin: Self.origin) { proxy in
            let client = try await HTTP2TestClient.connect(port: proxy.port)
            try await client.send((1...50).map { ("/\($0)", 0) })
            let answers = try await client.all()
            #expect(answers == (1...50).map { .init(status: 200, body: $0, ended: true) })
            try await client.close()
        }
    }

    /// Both are larger than the windows, so that they only pass if the windows are opened again and again.
    @Test func largeBodiesPassBothWays() async throws {
        try await LiveProxy.with(origin: Self.origin) { proxy in
            let client = try await HTTP2TestClient.connect(port: proxy.port)
            try await client.send([("/600000", 0), ("/", 400_000), ("/0", 0)])
            let answers = try await client.all()
            #expect(answers.map(\.status) == [200, 200, 200])
            #expect(answers.map(\.body) == [600_000, 400_000, 0])
            try await client.close()
        }
    }

    @Test func oneStreamsEndLeavesTheOthersAlone() async throws {
        let silent = ScriptedOrigin.answering { $0.components(of: "/wait") == 0 ? ScriptedOrigin.okText() : nil }
        try await LiveProxy.with(origin: silent) { proxy in
            let client = try await HTTP2TestClient.connect(port: proxy.port)
            try await client.send([("/wait", 0), ("/", 0)])
            try await client.reset(0)
            try await client.send([("/", 0)])
            let second = try await HTTP2TestClient.connect(port: proxy.port)
            try await second.send([("/", 0)])
            #expect(try await second.all() == [.init(status: 200, body: 2, ended: true)])
            try await client.close()
            try await second.close()
        }
    }

    @Test func aServerThatCannotBeReachedIs502OnEachStream() async throws {
        try await LiveProxy.with(origin: nil) { proxy in
            let client = try await HTTP2TestClient.connect(port: proxy.port)
            try await client.send([("/", 0), ("/", 5), ("/", 0)])
            #expect(try await client.all().map(\.status) == [502, 502, 502])
            try await client.close()
        }
    }

    @Test func aServerThatBreaksOffResetsTheStream() async throws {
        let breaking = ScriptedOrigin {
            return {
                $0.takeHead() == nil ? [] : [.text("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345"), .close]
            }
        }
        try await LiveProxy.with(origin: breaking) { proxy in
            let client = try await HTTP2TestClient.connect(port: proxy.port)
            try await client.send([("/", 0)])
            let answers = try await client.all()
            #expect(answers.first?.status == 200)
            #expect(answers.first?.reset == .internalError)
            #expect(answers.first?.ended == false)
            try await client.close()
        }
    }
}
