import MartinetCore
import MartinetHTTP
import Testing

@testable import MartinetServer

@Suite struct ForwardedHeadersTests {
    /// The request's header lines after the entry point has put its own in place.
    private func lines(
        _ client: [(String, String)], _ settings: EntryPointSettings.ForwardedHeaders = .init()
    ) -> [String: [String]] {
        let exchange = Exchange(
            connection: ConnectionInfo(
                peer: IPAddress(v4: 0x0A00_0001), peerPort: 1, entryPoint: "web", localPort: 80, isTLS: false))
        exchange.request.host = exchange.request.headers.store("a.test")
        for (name, value) in client { exchange.request.headers.add(name: name, value: value) }
        ForwardedHeaders.apply(to: exchange, settings: settings, hostName: "proxy")
        let headers = exchange.request.headers.copy()
        return Dictionary(grouping: headers.entries) { headers.string($0.name).lowercased() }
            .mapValues { $0.map { headers.string($0.value) } }
    }

    private static let managed =
        ["For", "Host", "Port", "Proto", "Server", "Uri", "Method", "Prefix", "Tls-Client-Cert"]
        .map { "X-Forwarded-" + $0 } + ["X-Real-Ip"]

    @Test(arguments: ["-", "_", "."]) func anUntrustedClientSpeaksForNobody(_ separator: String) {
        for name in Self.managed {
            let spelt = name.split(separator: "-").joined(separator: separator)
            let values = lines([(spelt, "evil"), (spelt.lowercased(), "evil")]).values.joined()
            #expect(!values.contains("evil"), "\(spelt)")
        }
    }

    @Test(arguments: ["X-Forwarded-Host", "x-forwarded-host", "X-FORWARDED-HOST", "x-real-ip", "X-Forwarded-Proto"])
    func connectionOptionsNeverRemoveTheProxysOwn(_ name: String) {
        #expect(lines([("Connection", name)])[name.lowercased()]?.count == 1)
    }

    @Test func connectionOptionsRemoveWhatTheyName() {
        let lines = lines([("Connection", "x-secret, Authorization"), ("X-Secret", "s"), ("authorization", "a")])
        #expect(lines["x-secret"] == nil)
        #expect(lines["authorization"] == nil)
    }

    /// RFC 9110 §10.1.4: who sends TE must list it.
    @Test func aListedTEStaysForTheWriterToJudge() {
        #expect(lines([("Connection", "TE"), ("TE", "trailers")])["te"] == ["trailers"])
    }
}
