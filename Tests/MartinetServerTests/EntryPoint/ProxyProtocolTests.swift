import MartinetCore
import NIOCore
import Testing

@testable import MartinetServer

/// PROXY headers in front of real connections.
@Suite struct ProxyProtocolTests {
    private static let request = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    private static let header = "PROXY TCP4 192.0.2.7 198.51.100.1 4711 80\r\n"

    /// What the server is told of a client that sends these pieces, or nil when the connection is closed without an answer.
    private func peer(_ pieces: [String], _ change: (inout EntryPointSettings.ProxyProtocol) -> Void) async throws
        -> String?
    {
        var options = EntryPointSettings.ProxyProtocol()
        change(&options)
        let origin = ScriptedOrigin.answering { head in
            ScriptedOrigin.okText(String(head.split(separator: "\r\n").first { $0.hasPrefix("X-Real-Ip: ") } ?? "none"))
        }
        let settings: (inout EntryPointSettings) -> Void = { [options] in $0.proxyProtocol = options }
        var answer = ""
        try await LiveProxy.with(origin: origin, settings: settings) { proxy in
            let client = try await proxy.connect()
            for piece in pieces { try await client.send(piece) }
            answer = try await client.all()
        }
        guard !answer.isEmpty else { return nil }
        return answer.firstRange(of: "X-Real-Ip: ").map { String(answer[$0.upperBound...]) } ?? answer
    }

    @Test func aTrustedPeerSpeaksForTheClient() async throws {
        let trusted = try IPRangeSet(["127.0.0.0/8"])
        #expect(try await peer([Self.header + Self.request]) { $0.trusted = trusted } == "192.0.2.7")
        #expect(try await peer([Self.header + Self.request]) { $0.insecure = true } == "192.0.2.7")
    }

    @Test func aHeaderMayComeInPieces() async throws {
        let pieces = Self.header.map(String.init) + [Self.request]
        #expect(try await peer(pieces) { $0.insecure = true } == "192.0.2.7")
    }

    @Test func theHeaderOfAnotherPeerIsTakenOffAndIgnored() async throws {
        let trusted = try IPRangeSet(["10.0.0.0/8"])
        #expect(try await peer([Self.header + Self.request]) { $0.trusted = trusted } == "127.0.0.1")
    }

    @Test(arguments: ["", "PROXY UNKNOWN\r\n"])
    func withoutAnAddressThePeerStays(_ header: String) async throws {
        #expect(try await peer([header + Self.request]) { $0.insecure = true } == "127.0.0.1")
    }

    @Test(arguments: ["PROXY TCP4 x\r\n", "PROXY TCP4 1.2.3.4 5.6.7.8 1 99999\r\n"])
    func aMalformedHeaderEndsTheConnection(_ header: String) async throws {
        #expect(try await peer([header + Self.request]) { $0.insecure = true } == nil)
    }
}
