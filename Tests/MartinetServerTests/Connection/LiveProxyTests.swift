import NIOCore
import Testing

@testable import MartinetServer

/// What can only be seen with real sockets: servers that refuse, break off, or take one client's connection for another's.
@Suite struct LiveProxyTests {
    private func get(_ path: String, _ lines: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: a\r\n\(lines)\r\n"
    }

    /// Answers each request without body with what `body` makes of its head.
    private static func origin(_ body: @escaping @Sendable (String) -> String) -> ScriptedOrigin {
        .answering { ScriptedOrigin.okText(body($0)) }
    }

    @Test func requestsBehindOneThatFailedAreServed() async throws {
        try await LiveProxy.with(origin: nil) { proxy in
            let client = try await proxy.connect()
            try await client.send(get("/1") + get("/2") + get("/3", "Connection: close\r\n"))
            #expect(try await client.all().components(of: "HTTP/1.1 502 Bad Gateway") == 3)
        }
    }

    @Test func pipelinedAnswersComeInOrder() async throws {
        try await LiveProxy.with(origin: Self.origin { "<" + $0.split(separator: " ")[1] + ">" }) { proxy in
            let client = try await proxy.connect()
            try await client.send((1...20).map { get("/\($0)") }.joined() + get("/21", "Connection: close\r\n"))
            let bodies = try await client.all().split(separator: "<").dropFirst().compactMap {
                $0.split(separator: ">").first
            }
            #expect(bodies == (1...21).map { "/\($0)" })
        }
    }

    /// NTLM authenticates the connection: the next client must not come in under the first one's name.
    @Test(arguments: ["NTLM", "Negotiate", "ntlm TlRMTVNTUAAB"])
    func anAuthenticatedConnectionServesItsClientOnly(_ scheme: String) async throws {
        let origin = ScriptedOrigin {
            var requests = 0
            return { received in
                var replies: [WireRecorder.Reply] = []
                while received.takeHead() != nil {
                    requests += 1
                    replies.append(
                        .text(
                            requests == 1
                                ? "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: \(scheme)\r\nContent-Length: 0\r\n\r\n"
                                : "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
                }
                return replies
            }
        }
        try await LiveProxy.with(origin: origin) { proxy in
            let first = try await proxy.connect()
            try await first.send(get("/"))
            try await first.expect("401 Unauthorized")
            let second = try await proxy.connect()
            try await second.send(get("/"))
            try await second.expect("401 Unauthorized")
            try await first.send(get("/"))
            try await first.expect("200 OK")
            try await first.close()
            // Nor does the connection go back to the pool when its client has left.
            let third = try await proxy.connect()
            try await third.send(get("/"))
            try await third.expect("401 Unauthorized")
        }
    }

    @Test func anAuthorizationOfThatKindBindsTheConnectionToo() async throws {
        let origin = ScriptedOrigin {
            var requests = 0
            return { received in
                guard received.takeHead() != nil else { return [] }
                requests += 1
                return [.text("HTTP/1.1 200 OK\r\nX-Request: \(requests)\r\nContent-Length: 0\r\n\r\n")]
            }
        }
        try await LiveProxy.with(origin: origin) { proxy in
            let first = try await proxy.connect()
            try await first.send(get("/", "Authorization: Negotiate YII=\r\n"))
            try await first.expect("X-Request: 1")
            let second = try await proxy.connect()
            try await second.send(get("/"))
            try await second.expect("X-Request: 1")
            // What is not bound is shared as ever.
            let third = try await proxy.connect()
            try await third.send(get("/"))
            try await third.expect("X-Request: 2")
        }
    }

    @Test func aClientThatHasSaidAllGetsItsAnswer() async throws {
        // However slow the machine that runs this is.
        let settings: (inout EntryPointSettings) -> Void = { $0.timeouts.halfClosed = 60_000_000_000 }
        try await LiveProxy.with(origin: Self.origin { _ in "all" }, settings: settings) { proxy in
            let client = try await proxy.connect()
            try await client.send(get("/"))
            try await client.close(.output)
            #expect(try await client.all().hasSuffix("\r\n\r\nall"))
        }
    }

    @Test func aBodyOfTinyChunksArrivesWhole() async throws {
        let origin = ScriptedOrigin {
            return { received in
                let text = String(buffer: received)
                guard text.hasSuffix("0\r\n\r\n") else { return [] }
                return [.text("HTTP/1.1 200 OK\r\nX-Count: \(text.components(of: "y"))\r\nContent-Length: 0\r\n\r\n")]
            }
        }
        try await LiveProxy.with(origin: origin) { proxy in
            let client = try await proxy.connect()
            try await client.send("POST /z HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
            try await client.send(String(repeating: "1\r\ny\r\n", count: 5000) + "0\r\n\r\n")
            try await client.expect("X-Count: 5000\r\n")
        }
    }

    @Test func aServerThatBreaksOffBreaksTheClientsAnswerToo() async throws {
        let origin = ScriptedOrigin {
            return {
                $0.takeHead() == nil ? [] : [.text("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n12345"), .close]
            }
        }
        try await LiveProxy.with(origin: origin) { proxy in
            let client = try await proxy.connect()
            try await client.send(get("/") + get("/"))
            let text = try await client.all()
            #expect(text.hasSuffix("12345"))
            #expect(text.components(of: "HTTP/1.1 200 OK") == 1)
        }
    }
}
